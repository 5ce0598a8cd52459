/** The text that the command writes, so that an output shows which run made it. */
export function authorOf({
  engineJobId,
  attempt,
}: {
  engineJobId: string;
  attempt: number;
}): string {
  return `made by ${engineJobId}, attempt ${attempt}`;
}
