/** Whether a write failed because the disk, or the writer's quota, is full. */
export function isStorageFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  );
}
