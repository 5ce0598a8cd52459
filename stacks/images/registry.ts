import {
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ImageNotFoundException,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** The registries of an account in a region, in Amazon ECR. */
export class Registry {
  readonly #client: ECRClient;
  readonly #region: string;

  constructor(region: string) {
    this.#region = region;
    this.#client = new ECRClient({ region });
  }

  /** Host of the account that the SDK's credentials belong to. */
  async host(): Promise<string> {
    const { Account } = await new STSClient({ region: this.#region }).send(
      new GetCallerIdentityCommand({}),
    );
    return registryHost(Account ?? '', this.#region);
  }

  /** @throws if SHARED has not created the repository */
  async has(repository: string, tag: string): Promise<boolean> {
    try {
      const { imageDetails = [] } = await this.#client.send(
        new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }),
      );
      return imageDetails.length > 0;
    } catch (error) {
      if (error instanceof ImageNotFoundException) return false;
      if (error instanceof RepositoryNotFoundException) {
        throw new Error(
          `registry ${repository} is not there; deploy SHARED, which makes it: npm run deploy -- SHARED`,
        );
      }
      throw error;
    }
  }

  /** For the user `AWS`, valid for twelve hours. */
  async password(): Promise<string> {
    const { authorizationData: [first] = [] } = await this.#client.send(
      new GetAuthorizationTokenCommand({}),
    );
    const token = Buffer.from(first?.authorizationToken ?? '', 'base64').toString();
    return token.slice(token.indexOf(':') + 1);
  }
}

export function registryHost(account: string, region: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${account}.dkr.ecr.${region}.${suffix}`;
}
