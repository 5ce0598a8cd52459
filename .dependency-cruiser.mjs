import swc from '@swc/core';

// dependency-cruiser does not tell swc which files contain JSX.
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) =>
  parseFileSync.call(swc, file, { ...options, tsx: file.endsWith('.tsx') });

/**
 * The imports that each file may have. A file belongs to the first row that matches its path. Of the
 * project's files, it may import only those of its own folder and those that its row lists.
 * `test/architecture.test.ts` checks that each row refuses imports. Paths are regular expressions from
 * the root of the project.
 */
const api = 'batch-jobs/api/(?!s3-|file-)';
const catalogue = 'batch-jobs/(catalogue|described-processes)';
const contract = 'batch-jobs/api/(?!s3-|file-|.*-store)';
const root = 'lambda/[^/]+(?<!handler|job-events|canary|local|service)\\.ts';
const protocols = 'lambda/protocols/';

// biome-ignore format: a row per fence
const fences = [
  ['environments/', ['lambda/configuration/limits', 'batch-jobs/api/(job-cost|job-expiry|fargate-size)']],
  ['ami/', ['environments/']],
  ['stacks/operate/', ['stacks/(names|commit|preflight/|deliver/(drift|terraform|waiting-jobs)|constructs/release\\.)', 'environments/', 'lambda/service-fault', 'lambda/(operations|jobs|configuration|aws|smoke)/', 'lambda/protocols/(ogc-api|wps-1.0)/', 'lambda/embedded/embedded-defaults', catalogue, 'batch-jobs/api/']],
  ['stacks/', ['environments/', 'ami/', catalogue, contract, 'lambda/configuration/']],
  ['batch-jobs/api/s3-', ['batch-jobs/api/(?!file-|job-store)']],
  ['batch-jobs/api/file-', ['batch-jobs/api/(?!s3-|job-store)']],
  ['batch-jobs/api/(?!s3-|file-)', []],
  ['batch-jobs/runner/(main|run-program|run-attempt|find-process)', [catalogue, 'batch-jobs/(api|runner)/']],
  ['batch-jobs/runner/', [api, 'batch-jobs/api/s3-address']],
  ['batch-jobs/[^/]+\\.ts', ['batch-jobs/[^/]+/process\\.', 'batch-jobs/api/process-description', 'batch-jobs/described-processes']],
  ['batch-jobs/gogoduck/s3-', ['batch-jobs/gogoduck/netcdf/zarr/remote-objects', 'batch-jobs/api/(s3-(address|answer|client|connection)|load-once)']],
  ['batch-jobs/([^/]+)/', [contract]],
  ['lambda/build/', ['batch-jobs/api/process-fo', 'environments/(index|process-folders)']],
  ['lambda/smoke/', []],
  ['lambda/canary\\.', ['lambda/smoke/', 'batch-jobs/api/log']],
  ['lambda/demo/', ['lambda/embedded/', 'batch-jobs/(?!runner/|api/s3-)']],
  ['lambda/(handler|job-events)\\.', ['lambda/(?!embedded/|local\\.|demo/|build/)', catalogue, 'batch-jobs/api/(?!file-)']],
  ['lambda/aws/', ['lambda/(?!embedded/|local\\.|demo/|build/)', catalogue, 'batch-jobs/api/(?!file-)']],
  ['lambda/(local\\.|embedded/)', ['lambda/(?!aws/|handler\\.|job-events\\.|demo/|build/)', catalogue, 'batch-jobs/api/(?!s3-)']],
  ['lambda/service\\.', ['lambda/(operations|jobs|configuration)/', protocols, root, api]],
  ['lambda/configuration/', ['lambda/jobs/', api]],
  ['lambda/jobs/', ['lambda/service-fault', api]],
  ['lambda/operations/', ['lambda/(jobs|configuration)/', 'lambda/service-fault', api]],
  ['lambda/callbacks/', ['lambda/protocols/ogc-api/', 'batch-jobs/runner/(checked-connector|reference-fault)', api]],
  ['lambda/mail/', ['lambda/readable', api]],
  ['lambda/protocols/(wps-[^/]+)/', ['lambda/protocols/ows/', 'lambda/(operations|configuration)/', root, contract]],
  ['lambda/protocols/([^/]+)/', ['lambda/protocols/ows/job-locations', 'lambda/(operations|configuration)/', root, contract]],
  ['lambda/[^/]+\\.ts', ['lambda/(operations|jobs|configuration)/', api]],
  ['docs/', ['environments/', 'lambda/configuration/', catalogue, api]],
];

/** Packages that only these folders may use. */
const packages = [
  [
    '@aws-sdk/',
    'lambda/(aws/|job-events\\.)|batch-jobs/api/s3-|stacks/(preflight|images|operate|deliver)/',
  ],
  ['@aws-lambda-powertools/', 'lambda/aws/'],
  ['(cdktf|@cdktf/|constructs)', 'stacks/|ami/'],
  ['(esbuild|rolldown)', 'lambda/build/'],
  ['node-io', 'lambda/(?!protocols/)|batch-jobs/|stacks/|ami/|environments/|docs/'],
];

const ours = '^(ami|batch-jobs|docs|environments|lambda|stacks|test)/';
const io = '^(node:)?(child_process|fs|http|https|net)(/|$)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...fences.map(([folder, allowed], row) => ({
      name: `fence ${folder}`,
      severity: 'error',
      comment: `${folder} may import ${allowed.join(', ') || 'nothing else of the project'}`,
      from: {
        path: `^${folder}`,
        ...(row === 0 ? {} : { pathNot: fences.slice(0, row).map(([earlier]) => `^${earlier}`) }),
      },
      to: { path: ours, pathNot: [ownFolder(folder), ...allowed.map((path) => `^${path}`)] },
    })),
    ...packages.map(([name, users]) => ({
      name: `package ${name}`,
      severity: 'error',
      from: { pathNot: `^(${users})` },
      to: { path: name === 'node-io' ? io : `(^|node_modules/)${name}` },
    })),
  ],
  options: {
    // TypeScript 7 has no parser with an API. swc also finds imports of types, and dynamic ones.
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
    doNotFollow: { path: 'node_modules' },
  },
};

/** `$1` is the folder that a row does not name itself: a process or a protocol. */
function ownFolder(folder) {
  return `^${folder.replace(/\(.*\[\^\/\]\+\)/, '$1')}`;
}
