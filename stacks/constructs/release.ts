import { DataAwsEcrImage } from '@cdktf/provider-aws/lib/data-aws-ecr-image/index.js';
import { DataAwsS3Object } from '@cdktf/provider-aws/lib/data-aws-s3-object/index.js';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { parentImages } from '../../ami/image-pipeline.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { AccountSettings } from '../../environments/account-settings.ts';
import { type Architecture, architectures } from '../../environments/instance-architecture.ts';
import type {
  EnvironmentName,
  RecordedRelease,
  ReleasePart,
  ReleaseSettings,
} from '../../environments/release-settings.ts';
import { releaseRecordKey, releasesBucketName } from '../names.ts';
import type { Deployment } from './deployment.ts';

export interface ReleaseProps {
  readonly deployment: Deployment;
  readonly settings: ReleaseSettings;
  /** Processes that the environment offers. */
  readonly processes: readonly ProcessDescription[];
  /** Tag of an image for which the settings name none. */
  readonly imageTag: (image: string) => string;
  /** Account of the environment that the release is promoted from, if it is another account. */
  readonly sourceAccount?: AccountSettings;
}

/** The functions of a release: a version of an object in S3. */
export interface ReleasedFunctions {
  readonly bucket: string;
  readonly key: string;
  readonly objectVersion: string;
  /** SHA-256 of the package in base64, as Lambda reports it. */
  readonly sha256: string;
  /** The commit that the package was built from. */
  readonly commit: string;
}

/** Ids of machine images: the one with a data volume, and Amazon's by architecture. */
export type MachineImages = Readonly<Record<'dataVolume' | Architecture, string>>;

/** A release as an environment records it, as JSON in its parameter. */
export interface ReleaseRecord {
  readonly functions: ReleasedFunctions;
  readonly machineImages: MachineImages;
  /** Digest of each process's container image, by its folder below `batch-jobs/`. */
  readonly processImages: Readonly<Record<string, string>>;
}

/** The source of a part of a release. */
interface Source {
  functions(): ReleasedFunctions;
  machineImages(): MachineImages;
  /** The reference of the image in its registry: tag or digest. */
  processImage(image: string): { readonly imageTag: string } | { readonly imageDigest: string };
}

/**
 * The release that an environment runs, as Terraform resolves it when it plans: the newest, the one that
 * another environment recorded, or an earlier one of its own. Every container image is looked up in its
 * registry, so a plan fails if one is missing, and jobs run exactly the image that was planned.
 */
export class Release extends Construct implements ReleaseRecord {
  readonly functions: ReleasedFunctions;
  readonly machineImages: MachineImages;
  readonly processImages: Readonly<Record<string, string>>;
  readonly #deployment: Deployment;
  readonly #processes: readonly string[];
  readonly #recorded = new Map<string, Source>();

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { deployment, settings, processes } = props;
    this.#deployment = deployment;
    this.#processes = processes.map(({ job }) => job.image);
    const whole = this.#wholeSource(props);
    const sourceOfPart = (part: ReleasePart): Source => {
      const other = settings.parts[part];
      return other ? this.#recordedSource(other.environment, other) : whole;
    };
    this.functions = sourceOfPart('functions').functions();
    this.machineImages = sourceOfPart('machineImages').machineImages();
    const images = sourceOfPart('processImages');
    this.processImages = Object.fromEntries(
      this.#processes.map((image) => [
        image,
        new DataAwsEcrImage(this, `image-${image}`, {
          repositoryName: deployment.shared.registry(image),
          ...images.processImage(image),
        }).imageDigest,
      ]),
    );
  }

  #wholeSource({ settings, sourceAccount, imageTag }: ReleaseProps): Source {
    switch (settings.take) {
      case 'newest':
        return this.#newestSource(settings, imageTag);
      case 'promoted':
        return sourceAccount
          ? this.#sourceElsewhere(settings.from, sourceAccount)
          : this.#recordedSource(settings.from);
      case 'pinned':
        return this.#recordedSource(settings.environment, settings);
    }
  }

  #newestSource(
    { tag, tags }: Extract<ReleaseSettings, { take: 'newest' }>,
    tagOf: ReleaseProps['imageTag'],
  ): Source {
    const held = (id: string, name: string) =>
      new DataAwsSsmParameter(this, id, { name }).insecureValue;
    const { functionsParameter, imageParameter } = this.#deployment.shared;
    return {
      functions: () => functionsIn(Fn.jsondecode(held('newest-functions', functionsParameter))),
      machineImages: () => ({
        dataVolume: held('newest-image', imageParameter),
        ...amazonsImages((architecture) =>
          held(`newest-image-${architecture}`, parentImages[architecture]),
        ),
      }),
      processImage: (image) => ({ imageTag: tags[image] ?? tag ?? tagOf(image) }),
    };
  }

  /** The release that an environment runs, or the one that it recorded under a version. */
  #recordedSource(environment: EnvironmentName, pinned?: RecordedRelease): Source {
    const version = pinned?.version;
    const id = version === undefined ? environment : `${environment}-${version}`;
    const known = this.#recorded.get(id);
    if (known) return known;
    const name = this.#deployment.shared.releaseParameter(environment);
    const parameter = new DataAwsSsmParameter(this, `release-${id}`, {
      name: version === undefined ? name : `${name}:${version}`,
      lifecycle: { postcondition: [this.#namesEveryImage(environment, 'insecure_value')] },
    });
    const source = sourceOf(parameter.insecureValue);
    this.#recorded.set(id, source);
    return source;
  }

  /** The release that an environment of another account runs. */
  #sourceElsewhere(environment: EnvironmentName, { id = '', region, prefix }: AccountSettings) {
    const object = new DataAwsS3Object(this, `release-${environment}`, {
      bucket: releasesBucketName(prefix, id, region),
      key: releaseRecordKey(environment),
      lifecycle: { postcondition: [this.#namesEveryImage(environment, 'body')] },
    });
    return sourceOf(object.body);
  }

  #namesEveryImage(environment: EnvironmentName, attribute: string) {
    const wanted = JSON.stringify(this.#processes);
    const named = `keys(jsondecode(self.${attribute})["processImages"])`;
    return {
      condition: `\${length(setsubtract(${wanted}, ${named})) == 0}`,
      errorMessage: `The release of ${environment} names no container image of a process that ${this.#deployment.environment} offers (${this.#processes.join(', ')}). Offer the process in ${environment} and deploy it there first, or withhold it here (processes.withheld).`,
    };
  }
}

function sourceOf(json: string): Source {
  const record = Fn.jsondecode(json);
  const textAt = (...path: string[]) => Token.asString(Fn.lookupNested(record, path));
  return {
    functions: () => functionsIn(Fn.lookupNested(record, ['functions'])),
    machineImages: () => ({
      dataVolume: textAt('machineImages', 'dataVolume'),
      ...amazonsImages((architecture) => textAt('machineImages', architecture)),
    }),
    processImage: (image) => ({ imageDigest: textAt('processImages', image) }),
  };
}

function functionsIn(record: unknown): ReleasedFunctions {
  const textAt = (name: string) => Token.asString(Fn.lookupNested(record, [name]));
  return {
    bucket: textAt('bucket'),
    key: textAt('key'),
    objectVersion: textAt('objectVersion'),
    sha256: textAt('sha256'),
    commit: textAt('commit'),
  };
}

function amazonsImages(
  idOf: (architecture: Architecture) => string,
): Readonly<Record<Architecture, string>> {
  const [x86, arm] = architectures;
  return { [x86]: idOf(x86), [arm]: idOf(arm) };
}
