import { stripVTControlCharacters } from 'node:util';

/**
 * The changes in the text of a Terraform plan, such as `aws_lambda_alias updated in-place`, sorted. Data
 * sources are left out. The cdktf CLI prints the name of the stack before each line, and the path of the
 * construct after each address.
 */
export function plannedChanges(text: string): readonly string[] {
  const lines = stripVTControlCharacters(text).matchAll(
    /^(?:\w+ )? *# (\w+)\.\S+(?: \([^)]*\))? (?:will be|must be|is tainted, so must be) (.*)$/gm,
  );
  return [...lines]
    .filter(([, type]) => type !== 'data')
    .map(([, type, what]) => `${type} ${what}`)
    .sort();
}

/** Types of the resources that a plan changes, without duplicates, sorted. */
export function changedTypes(text: string): readonly string[] {
  return [...new Set(plannedChanges(text).map((change) => change.split(' ')[0] ?? ''))];
}
