/** CPU and memory of a task on AWS Fargate. */
export interface TaskSize {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/**
 * Task sizes: for each number of vCPUs, the smallest and largest memory and the step between sizes, in MiB.
 * AWS Batch refuses every other combination.
 *
 * Source: AWS Batch User Guide, "Job definitions on Fargate", resourceRequirements
 */
const sizes: readonly (readonly [vcpus: number, from: number, to: number, step: number])[] = [
  [0.25, 512, 1024, 512],
  [0.25, 2048, 2048, 1],
  [0.5, 1024, 4096, 1024],
  [1, 2048, 8192, 1024],
  [2, 4096, 16_384, 1024],
  [4, 8192, 30_720, 1024],
  [8, 16_384, 61_440, 4096],
  [16, 32_768, 122_880, 8192],
];

export const largestTask: TaskSize = { vcpus: 16, memoryMiB: 122_880 };

/**
 * The smallest task with at least this many vCPUs and this much memory; undefined if no task is large enough.
 */
export function fargateSize({ vcpus, memoryMiB }: TaskSize): TaskSize | undefined {
  for (const [having, from, to, step] of sizes) {
    if (having < vcpus || to < memoryMiB) continue;
    const above = Math.ceil(Math.max(0, memoryMiB - from) / step) * step;
    return { vcpus: having, memoryMiB: from + above };
  }
  return undefined;
}
