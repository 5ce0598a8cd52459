/**
 * What a process offers and what one run of it needs.
 *
 * DescribeProcess, the check of Execute requests, the runner and the AWS Batch job definition all use the
 * same description, so that what is advertised, accepted and run cannot diverge.
 *
 * Source: OGC 05-007r7 (WPS 1.0.0), clause 9.3 "DescribeProcess operation response".
 */

import type { JsonSchema } from './json-schema.ts';
import type { ProcessAdvice } from './process-advice.ts';

/** The AWS Batch job queue that a job waits in; each queue has its own compute environment. */
export const queueClasses = ['small', 'timeseries', 'large'] as const;
export type QueueClass = (typeof queueClasses)[number];

/** XML Schema simple types that a literal may have; `ows:DataType` references them by URI. */
export type LiteralDataType =
  | 'string'
  | 'integer'
  | 'double'
  | 'boolean'
  | 'date'
  | 'dateTime'
  | 'anyURI';

/** A closed range of values, `ows:Range`. A bound that is left out leaves that side open. */
export interface ValueRange {
  readonly minimum?: string;
  readonly maximum?: string;
}

/** Identifier, title and abstract for people (WPS 1.0.0, table 1). */
export interface Description {
  /** Unique within its kind; case-sensitive. May have a code space prefix, as in `gs:GoGoDuck`. */
  readonly identifier: string;
  readonly title: string;
  readonly abstract?: string;
}

/** A link to more information about a process, `ows:Metadata`. */
export interface Metadata {
  readonly title: string;
  readonly href?: string;
}

/** A format that a complex value may have (WPS 1.0.0, table 4). */
export interface Format {
  readonly mimeType: string;
  /** URI of the encoding, or `base64` for binary data inside XML. */
  readonly encoding?: string;
  /** URI of the XML schema that the data conforms to. */
  readonly schema?: string;
  /** File name extension of an output in this format, with its dot. */
  readonly extension: string;
  /** For a JSON format: the schema of its values. Inputs are checked against it. */
  readonly jsonSchema?: JsonSchema;
}

export interface Occurrences {
  /** 0 makes an input optional. */
  readonly minOccurs: number;
  readonly maxOccurs: number;
}

export interface LiteralValue {
  readonly dataType: LiteralDataType;
  /** Available units of measure; the first is the default. */
  readonly uoms?: readonly [string, ...string[]];
}

export interface LiteralInput extends Description, Occurrences, LiteralValue {
  readonly kind: 'literal';
  /** Used if an optional input is left out. */
  readonly default?: string;
  /** Allowed single values and ranges. Default: any value of the data type. */
  readonly allowedValues?: readonly (string | ValueRange)[];
  /**
   * How a form lets a person enter the value, if not as a line of text. `extent` is a part of a layer as
   * `TIME,<start>,<end>;LATITUDE,<min>,<max>;LONGITUDE,<min>,<max>;DEPTH,<min>,<max>`: a box drawn on a map,
   * a period and a range of depths. `stride` is a whole number for each of these axes as
   * `TIME,<n>;LATITUDE,<n>;LONGITUDE,<n>;DEPTH,<n>`. `several` is a comma-separated list of values that the
   * process suggests. `none` is for programs; a form does not show it. Clients that send the text can ignore
   * this member.
   */
  readonly editor?: 'extent' | 'stride' | 'several' | 'none';
  /**
   * The input's role in mails about a job. `recipients` contains the addresses of the recipients, separated
   * by commas. `parameters` contains them as `email.to=<address>`, as sent by the AODN portal. Neither is
   * stored with the job nor passed to its program. The value of a `named` input appears in mails if it is a
   * plain name.
   */
  readonly mail?: 'recipients' | 'parameters' | 'named';
}

export interface ComplexInput extends Description, Occurrences {
  readonly kind: 'complex';
  /** The first is the default. */
  readonly formats: readonly [Format, ...Format[]];
  /** Largest accepted value, in MiB. */
  readonly maximumMegabytes: number;
}

export interface BoundingBoxInput extends Description, Occurrences {
  readonly kind: 'bounding-box';
  /** Coordinate reference systems as URIs; the first is the default. */
  readonly crss: readonly [string, ...string[]];
}

export type InputDescription = LiteralInput | ComplexInput | BoundingBoxInput;

export interface LiteralOutput extends Description, LiteralValue {
  readonly kind: 'literal';
}

export interface ComplexOutput extends Description {
  readonly kind: 'complex';
  /** The first is the default. */
  readonly formats: readonly [Format, ...Format[]];
  /**
   * The output is JSON whose member `layer` contains the `licence` and the `citation` of the data, if known.
   * The page of a job shows them with its outputs.
   */
  readonly terms?: true;
}

export interface BoundingBoxOutput extends Description {
  readonly kind: 'bounding-box';
  readonly crss: readonly [string, ...string[]];
}

export type OutputDescription = LiteralOutput | ComplexOutput | BoundingBoxOutput;

/** Values of literal inputs by identifier, as used to choose a queue. */
export type LiteralInputs = Readonly<Record<string, readonly string[]>>;

/** An output that a request asks for, as used by a check. */
export interface WantedOutput {
  readonly identifier: string;
  /** For a complex output. */
  readonly mimeType?: string;
}

/** What is wrong with an input beyond its type, in words for the user. */
export interface InputFault {
  /** Identifier of the input. */
  readonly input: string;
  readonly text: string;
}

/** What one run of a process needs. Becomes an AWS Batch job definition. */
export interface JobRequirements {
  /** Folder of the process below `batch-jobs/`, and name of its container image. */
  readonly image: string;
  /** Program and arguments, run in a scratch folder. `{process}` stands for the process's folder. */
  readonly command: readonly [string, ...string[]];
  /** The default queue. */
  readonly queue: QueueClass;
  /** Chooses another queue for a request. A pure function. */
  readonly chooseQueue?: (inputs: LiteralInputs) => QueueClass;
  /**
   * Refuses a request that no run could answer, before a job is created. A pure function, called only with
   * literal inputs that the description allows.
   */
  readonly check?: (
    inputs: LiteralInputs,
    outputs: readonly WantedOutput[],
  ) => readonly InputFault[];
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Scratch space that a run may use, in GiB. */
  readonly scratchGiB: number;
  /** An attempt ends after this time. AWS Batch requires at least 60. */
  readonly timeoutSeconds: number;
  /** Maximum number of attempts, 1 to 10. */
  readonly attempts: number;
  /** Variables that every run receives, in addition to those of the batch job API. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Names of the variables that the command reads: settings of the environment (`processes.own`), of its
   * image, or of the machine. Of all other variables, the command receives only general ones
   * (`command-variables.ts`).
   */
  readonly variables?: readonly string[];
  /** The command calls AWS, so it receives the variables from which the SDKs read credentials and region. */
  readonly callsAws?: boolean;
}

export interface ProcessDescription extends Description {
  readonly version: string;
  /** A process for tests, offered only if the settings enable it. */
  readonly isForTests?: boolean;
  /** Words under which a catalogue finds the process. */
  readonly keywords?: readonly string[];
  readonly metadata?: readonly Metadata[];
  readonly inputs: readonly InputDescription[];
  readonly outputs: readonly [OutputDescription, ...OutputDescription[]];
  readonly job: JobRequirements;
  /** Suggests values and estimates sizes; loaded with the first question. */
  readonly advice?: () => Promise<ProcessAdvice>;
}

/** Possible names of a process file, in the order in which they are looked for. */
export const processFileNames = ['process.yaml', 'process.yml', 'process.json'] as const;
