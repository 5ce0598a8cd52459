import { ImagebuilderLifecyclePolicy } from '@cdktf/provider-aws/lib/imagebuilder-lifecycle-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { environmentNames } from '../environments/release-settings.ts';

export interface ImageLifecycleProps {
  /** Name of the pipeline and of its recipe. */
  readonly name: string;
  /** Version of the recipe that images are built from now. */
  readonly recipeVersion: string;
  /**
   * Terraform expression, without `${}`, of the versions that the recipe had before: a list of texts,
   * known when a plan is made.
   */
  readonly earlierVersions: string;
  /** Images of the present recipe that are kept. */
  readonly keep: number;
  /** Role that deletes images. */
  readonly roleArn: string;
  readonly prerequisites: readonly ITerraformDependable[];
}

/** Images built, or launched, within so many weeks are never deleted. */
export const weeksKept = 8;

/** Images of an earlier recipe are deleted after so many weeks. */
const weeksOfEarlierRecipes = 12;

/**
 * Tag that keeps an image from deletion for an environment. Each environment sets its own, on the image
 * of its release and on that of the release before.
 */
export function inUseTag(environment: string): { readonly key: string; readonly value: string } {
  return { key: `InUseBy-${environment}`, value: 'true' };
}

/**
 * Deletes images, with their snapshots, that no environment uses. Image Builder cannot tell which ones
 * are in use, so environments tag them. An image with any of the tags is excluded, and so is one that
 * was launched lately, as every image is when it is tested.
 *
 * Source: https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-lifecycle-rules.html;
 * `LifecyclePolicyAmiExclusionRules` of the AWS CDK ("with any of the provided tags")
 */
export function addImageLifecycle(scope: Construct, props: ImageLifecycleProps): void {
  const { name, recipeVersion, keep, earlierVersions } = props;
  const policyDetail = (filter: { type: string; value: number; unit?: string }) => [
    {
      action: [{ type: 'DELETE', includeResources: [{ amis: true, snapshots: true }] }],
      filter: [filter],
      exclusionRules: [
        {
          amis: [
            {
              isPublic: false,
              lastLaunched: [{ unit: 'WEEKS', value: weeksKept }],
              tagMap: Object.fromEntries(
                environmentNames.map(inUseTag).map(({ key, value }) => [key, value]),
              ),
            },
          ],
        },
      ],
    },
  ];
  const common = {
    resourceType: 'AMI_IMAGE',
    executionRole: props.roleArn,
    status: 'ENABLED',
    dependsOn: [...props.prerequisites],
  };
  new ImagebuilderLifecyclePolicy(scope, 'lifecycle', {
    ...common,
    name,
    description: `Keeps the last ${keep} images, and those in use.`,
    policyDetail: policyDetail({ type: 'COUNT', value: keep }),
    resourceSelection: [{ recipe: [{ name, semanticVersion: recipeVersion }] }],
  });
  const earlier = new ImagebuilderLifecyclePolicy(scope, 'lifecycle-of-earlier-recipes', {
    ...common,
    name: `${name}-earlier-recipes`,
    description: `Deletes images of earlier recipes after ${weeksOfEarlierRecipes} weeks, except those in use.`,
    policyDetail: policyDetail({ type: 'AGE', unit: 'WEEKS', value: weeksOfEarlierRecipes }),
  });
  earlier.addOverride('count', `\${length(${earlierVersions}) > 0 ? 1 : 0}`);
  // Neither Image Builder nor this provider takes a wildcard for the version.
  earlier.addOverride('resource_selection', [
    {
      dynamic: {
        recipe: {
          for_each: `\${toset(${earlierVersions})}`,
          content: { name, semantic_version: `\${recipe.value}` },
        },
      },
    },
  ]);
}
