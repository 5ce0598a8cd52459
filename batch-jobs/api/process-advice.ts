/**
 * What a process knows of a request before it is sent: values that an input may take, and how large
 * the work is. Forms, clients and people ask; nothing is run and nothing is kept.
 */

import type { LiteralInputs, ValueRange, WantedOutput } from './process-description.ts';

/** A grid or a series in earth coordinates and time. What is not known is left out. */
export interface Coverage {
  /** Degrees: west, south, east, north. East may exceed 180 for data across the date line. */
  readonly bbox?: readonly [west: number, south: number, east: number, north: number];
  /** First and last instant, ISO 8601 in UTC. */
  readonly period?: { readonly start: string; readonly end: string };
  /** Metres below the surface. */
  readonly depth?: { readonly shallowest: number; readonly deepest: number };
  /**
   * Distance of neighbouring cells in degrees, of neighbouring time steps in seconds, and of neighbouring depths in
   * metres: on average, where it is not the same everywhere.
   */
  readonly spacing?: {
    readonly latitude?: number;
    readonly longitude?: number;
    readonly time?: number;
    readonly depth?: number;
  };
  readonly variables?: readonly CoverageVariable[];
  readonly files?: number;
  /** Of all files together. */
  readonly bytes?: number;
  /** Licence and citation, as the data says them. */
  readonly licence?: string;
  readonly citation?: string;
}

export interface CoverageVariable {
  readonly name: string;
  readonly title?: string;
  readonly standardName?: string;
  readonly units?: string;
}

/** A value that an input may take. */
export interface Suggestion {
  readonly value: string;
  /** As a person reads it, where the value itself does not say it. */
  readonly title?: string;
  readonly abstract?: string;
  /** What choosing it offers: in the answer to a question for this very value, and of others where it is at hand. */
  readonly coverage?: Coverage;
}

/** What is asked about an input that is being filled in. */
export interface SuggestionQuestion {
  /** Identifier of the input. */
  readonly input: string;
  /** What has been typed so far; empty for any. */
  readonly text: string;
  /** Values of the other inputs so far. */
  readonly inputs: LiteralInputs;
}

/** A fault that the process finds in a request before it runs. */
export interface AdviceFault {
  /** Identifier of the input at fault. */
  readonly input?: string;
  /** What was found and what is allowed. */
  readonly text: string;
}

/** How large a request is. What is not known is left out. */
export interface Estimate {
  /** Empty when a run may succeed. */
  readonly faults: readonly AdviceFault[];
  /** Files that are read. */
  readonly files?: number;
  /** Bytes that are read. */
  readonly bytes?: number;
  /** Bytes of the largest output, about. */
  readonly outputBytes?: number;
  /** Time steps of the largest output, and its cells per step. */
  readonly steps?: number;
  readonly cells?: number;
  /** What a run may take at most, in bytes that are read. */
  readonly limitBytes?: number;
}

/** What an input may still be, given the rest of a request. What is left out is as the description says. */
export interface InputConstraint {
  /**
   * The only values that are possible, of an input whose editor is `several` those that each part may have; none
   * where the input cannot be given at all.
   */
  readonly values?: readonly string[];
  /** Besides `values`, ranges that are possible. */
  readonly ranges?: readonly ValueRange[];
  /** Of an input whose editor is `extent`: the range of each part. `depth` is null for data without depths. */
  readonly extent?: Pick<Coverage, 'bbox' | 'period'> & {
    readonly depth?: NonNullable<Coverage['depth']> | null;
  };
  /** Why, in words for the user. */
  readonly text?: string;
}

/** What an output may still be, given the rest of a request. */
export interface OutputConstraint {
  /** MIME types of the only formats that are possible; none where the output cannot be asked for. */
  readonly formats?: readonly string[];
  /** Why, in words for the user. */
  readonly text?: string;
}

/** What is possible beside what a request says already, by identifier. What is left out is not limited further. */
export interface Constraints {
  readonly inputs?: Readonly<Record<string, InputConstraint>>;
  readonly outputs?: Readonly<Record<string, OutputConstraint>>;
}

/** A picture of the data that a request takes its part from: the whole area, at its last instant. */
export interface Overview {
  /** PNG on which degrees are equally wide and equally high (plate carrée), clear where there is no value. */
  readonly png: Uint8Array;
  /** Degrees of its edges: west, south, east, north. East may exceed 180. */
  readonly bbox: readonly [west: number, south: number, east: number, north: number];
  /** What is shown, in words. */
  readonly title: string;
  /** ISO 8601, in the calendar of the data; left out for data without a time. */
  readonly instant?: string;
  /** Values of the first and the last colour. */
  readonly from: number;
  readonly to: number;
  readonly units?: string;
}

/** What answers about a request stand on. */
export interface AdviceSurroundings {
  /** Variables that the process's command would read (`JobRequirements.variables`). */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Aborted when an answer would come too late. */
  readonly signal: AbortSignal;
}

/**
 * A process that has some says where in its description:
 * `advice: async () => (await import('./advice.ts')).advice`. It is loaded when first asked, so that a
 * start of the service does not pay for it. Answers are quick: within a second or two.
 */
export interface ProcessAdvice {
  /** @returns the best first, some twenty at most; none when there is nothing to suggest */
  readonly suggest?: (
    question: SuggestionQuestion,
    surroundings: AdviceSurroundings,
  ) => Promise<readonly Suggestion[]>;
  /** @param inputs as given, faulty or not, with defaults applied */
  readonly estimate?: (
    inputs: LiteralInputs,
    surroundings: AdviceSurroundings,
  ) => Promise<Estimate>;
  /**
   * What each input and output may be beside all others, so that a form can grey out the rest. A value is
   * judged by the other inputs, never by the one that is given for itself: that one can be changed.
   *
   * @param inputs as given, faulty or not, with defaults applied
   * @param outputs as asked for; none for all
   */
  readonly constraints?: (
    inputs: LiteralInputs,
    outputs: readonly WantedOutput[],
    surroundings: AdviceSurroundings,
  ) => Promise<Constraints>;
  /**
   * A picture to choose an area on. It is asked for again and again while a form is filled in, so it is kept.
   *
   * @param inputs as given, faulty or not, with defaults applied; without those that say which part is taken
   * @returns undefined where it cannot be drawn quickly
   */
  readonly overview?: (
    inputs: LiteralInputs,
    surroundings: AdviceSurroundings,
  ) => Promise<Overview | undefined>;
}
