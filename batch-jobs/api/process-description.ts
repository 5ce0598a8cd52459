/**
 * What a process offers and what one run of it needs.
 *
 * One description serves DescribeProcess, the check of Execute requests, the runner and the AWS
 * Batch job definition, so that what is advertised, accepted and run cannot drift apart.
 *
 * Source: OGC 05-007r7 (WPS 1.0.0), clause 9.3 "DescribeProcess operation response".
 */

import type { JsonSchema } from './json-schema.ts';
import type { ProcessAdvice } from './process-advice.ts';

/** The AWS Batch job queue a job waits in; each has its own compute environment. */
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

/** A closed range of values, `ows:Range`; a bound left out is open towards that side. */
export interface ValueRange {
  readonly minimum?: string;
  readonly maximum?: string;
}

/** Identifier, title and abstract as a person reads them (WPS 1.0.0, table 1). */
export interface Description {
  /** Unique among its kind; case-sensitive. May hold a code space prefix, as in `gs:GoGoDuck`. */
  readonly identifier: string;
  readonly title: string;
  readonly abstract?: string;
}

/** A reference to more about a process, `ows:Metadata`. */
export interface Metadata {
  readonly title: string;
  readonly href?: string;
}

/** A format a complex value may have (WPS 1.0.0, table 4). */
export interface Format {
  readonly mimeType: string;
  /** URI of the encoding, or `base64` for binary data inside XML. */
  readonly encoding?: string;
  /** URI of the XML schema the data conforms to. */
  readonly schema?: string;
  /** File name ending of an output in this format, with its dot. */
  readonly extension: string;
  /** Of a JSON format: what its values are like. Inputs are checked against it. */
  readonly jsonSchema?: JsonSchema;
}

export interface Occurrences {
  /** 0 makes an input optional. */
  readonly minOccurs: number;
  readonly maxOccurs: number;
}

export interface LiteralValue {
  readonly dataType: LiteralDataType;
  /** Units of measure on offer; the first is the default. */
  readonly uoms?: readonly [string, ...string[]];
}

export interface LiteralInput extends Description, Occurrences, LiteralValue {
  readonly kind: 'literal';
  /** Taken when an optional input is left out. */
  readonly default?: string;
  /** What is allowed: single values and ranges. Left out, any value of the data type. */
  readonly allowedValues?: readonly (string | ValueRange)[];
  /**
   * How a form lets a person give it, where a line of text is not it. `extent` is a part of a layer as
   * `TIME,<start>,<end>;LATITUDE,<min>,<max>;LONGITUDE,<min>,<max>;DEPTH,<min>,<max>`: a box drawn on a
   * map, a period and a range of depths. `stride` is a whole number for each of these axes as
   * `TIME,<n>;LATITUDE,<n>;LONGITUDE,<n>;DEPTH,<n>`. `several` is values that the process suggests, with
   * commas between. `none` is for programs; a person has no use for it. Clients that send the text need
   * not know.
   */
  readonly editor?: 'extent' | 'stride' | 'several' | 'none';
  /**
   * What it is to the mails that tell people of a job. `recipients` are the addresses of the recipients, with
   * commas between; `parameters` says so as `email.to=<address>`, as the AODN portal does. Neither is kept
   * with the job, nor given to its program. The value of one that is `named` stands in mails, where it is a
   * plain name.
   */
  readonly mail?: 'recipients' | 'parameters' | 'named';
}

export interface ComplexInput extends Description, Occurrences {
  readonly kind: 'complex';
  /** The first is the default. */
  readonly formats: readonly [Format, ...Format[]];
  /** Largest value taken, in MiB. */
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
   * It is JSON whose member `layer` names the `licence` and the `citation` of the data, as far as they are
   * known. The page of a job shows them with its outputs.
   */
  readonly terms?: true;
}

export interface BoundingBoxOutput extends Description {
  readonly kind: 'bounding-box';
  readonly crss: readonly [string, ...string[]];
}

export type OutputDescription = LiteralOutput | ComplexOutput | BoundingBoxOutput;

/** Values of literal inputs by identifier, as the choice of a queue sees them. */
export type LiteralInputs = Readonly<Record<string, readonly string[]>>;

/** An output that a request asks for, as a check sees it. */
export interface WantedOutput {
  readonly identifier: string;
  /** Of a complex output. */
  readonly mimeType?: string;
}

/** What is wrong with an input beyond its type, in words for the user. */
export interface InputFault {
  /** Identifier of the input. */
  readonly input: string;
  readonly text: string;
}

/** What one run of a process needs; becomes an AWS Batch job definition. */
export interface JobRequirements {
  /** Folder of the process below `batch-jobs/`, and name of its container image. */
  readonly image: string;
  /** Program and arguments, run in a scratch folder. `{process}` stands for the process's folder. */
  readonly command: readonly [string, ...string[]];
  /** The queue it usually waits in. */
  readonly queue: QueueClass;
  /** Chooses another queue from the request. Pure. */
  readonly chooseQueue?: (inputs: LiteralInputs) => QueueClass;
  /**
   * Refuses a request that no run could answer, before there is a job. Pure; it is given literal
   * inputs that the description allows.
   */
  readonly check?: (
    inputs: LiteralInputs,
    outputs: readonly WantedOutput[],
  ) => readonly InputFault[];
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Scratch space it may fill, in GiB. */
  readonly scratchGiB: number;
  /** One attempt is ended after this time. AWS Batch allows no less than 60. */
  readonly timeoutSeconds: number;
  /** How often the job is tried in all, 1 to 10. */
  readonly attempts: number;
  /** Variables every run gets, beside those of the batch job API. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Names of the variables that its command reads from its surroundings: settings of the environment
   * (`processes.own`), of its image, or of the machine. Of the others it gets only general ones
   * (`command-variables.ts`).
   */
  readonly variables?: readonly string[];
  /** Its command calls AWS: it gets the variables that the SDKs take credentials and region from. */
  readonly callsAws?: boolean;
}

export interface ProcessDescription extends Description {
  readonly version: string;
  /** Is there to be tested with: offered only where the settings say so. */
  readonly isForTests?: boolean;
  /** Words that a catalogue finds the process by. */
  readonly keywords?: readonly string[];
  readonly metadata?: readonly Metadata[];
  readonly inputs: readonly InputDescription[];
  readonly outputs: readonly [OutputDescription, ...OutputDescription[]];
  readonly job: JobRequirements;
  /** Suggests values and estimates sizes; loaded when first asked. */
  readonly advice?: () => Promise<ProcessAdvice>;
}

/** What the file of a process described in a file may be called, in the order they are looked for. */
export const processFileNames = ['process.yaml', 'process.yml', 'process.json'] as const;
