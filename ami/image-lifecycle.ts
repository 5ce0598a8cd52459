import { ImagebuilderLifecyclePolicy } from '@cdktf/provider-aws/lib/imagebuilder-lifecycle-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { environmentNames } from '../environments/release-settings.ts';

export interface ImageLifecycleProps {
  /** Name of the pipeline and of its recipe. */
  readonly name: string;
  /** The recipe version that images are built from now. */
  readonly recipeVersion: string;
  /**
   * Terraform expression, without `${}`, of the earlier versions of the recipe: a list of strings that is
   * known when Terraform plans.
   */
  readonly earlierVersions: string;
  /** How many images of the current recipe are kept. */
  readonly keep: number;
  /** The role that deletes images. */
  readonly roleArn: string;
  readonly prerequisites: readonly ITerraformDependable[];
}

/** Images built or launched within this many weeks are never deleted. */
export const weeksKept = 8;

/** Images of an earlier recipe are deleted after this many weeks. */
const weeksOfEarlierRecipes = 12;

/**
 * The tag by which an environment protects an image from deletion. Each environment sets its own tag on the
 * images of its current and previous releases.
 */
export function inUseTag(environment: string): { readonly key: string; readonly value: string } {
  return { key: `InUseBy-${environment}`, value: 'true' };
}

/**
 * Deletes images, with their snapshots, that no environment uses. Image Builder cannot tell which images are
 * in use, so environments tag them. Images with any of these tags are excluded, and so are images that were
 * launched recently, which includes the launch for an image's own test.
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
  // Neither Image Builder nor the provider accepts a wildcard for the version.
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
