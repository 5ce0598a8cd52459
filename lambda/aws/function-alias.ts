/**
 * The alias with which a function was called, which names its environment: the last part of
 * `arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]`; `$LATEST` if there is none.
 *
 * Source: AWS Lambda Developer Guide, "Using the Lambda context object" (`invokedFunctionArn`).
 */
export function functionAlias(invokedFunctionArn: string): string {
  const [, , , , , , , alias] = invokedFunctionArn.split(':');
  return alias || '$LATEST';
}
