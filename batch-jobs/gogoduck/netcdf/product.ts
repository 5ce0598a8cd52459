export function product(numbers: readonly number[]): number {
  return numbers.reduce((result, number) => result * number, 1);
}
