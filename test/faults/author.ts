/** What the command writes, so that an output tells which run made it. */
export function authorOf({
  engineJobId,
  attempt,
}: {
  engineJobId: string;
  attempt: number;
}): string {
  return `made by ${engineJobId}, attempt ${attempt}`;
}
