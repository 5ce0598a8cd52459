/**
 * What a process knows about a request before it is sent: possible values of an input, and the size of the
 * work. Forms, clients and people ask; nothing is run or stored.
 */

import type { LiteralInputs, ValueRange, WantedOutput } from './process-description.ts';

/** A grid or a series in earth coordinates and time. Unknown members are left out. */
export interface Coverage {
  /** Degrees: west, south, east, north. East may exceed 180 for data across the date line. */
  readonly bbox?: readonly [west: number, south: number, east: number, north: number];
  /** First and last time, ISO 8601 in UTC. */
  readonly period?: { readonly start: string; readonly end: string };
  /** Metres below the surface. */
  readonly depth?: { readonly shallowest: number; readonly deepest: number };
  /**
   * Distance between neighbouring cells in degrees, time steps in seconds, and depths in metres; the average
   * if the distances differ.
   */
  readonly spacing?: {
    readonly latitude?: number;
    readonly longitude?: number;
    readonly time?: number;
    readonly depth?: number;
  };
  readonly variables?: readonly CoverageVariable[];
  readonly files?: number;
  /** Total size of all files. */
  readonly bytes?: number;
  /** Licence and citation, as stated in the data. */
  readonly licence?: string;
  readonly citation?: string;
}

export interface CoverageVariable {
  readonly name: string;
  readonly title?: string;
  readonly standardName?: string;
  readonly units?: string;
}

/** A possible value of an input. */
export interface Suggestion {
  readonly value: string;
  /** Title for people, if the value does not explain itself. */
  readonly title?: string;
  readonly abstract?: string;
  /**
   * The data that this value offers. Present if the question asks for this very value, and otherwise if
   * already known.
   */
  readonly coverage?: Coverage;
}

/** A question about an input that a person is filling in. */
export interface SuggestionQuestion {
  /** Identifier of the input. */
  readonly input: string;
  /** The text typed so far; empty for any value. */
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

/** The size of a request. Unknown members are left out. */
export interface Estimate {
  /** Empty if a run may succeed. */
  readonly faults: readonly AdviceFault[];
  /** Number of files to read. */
  readonly files?: number;
  /** Number of bytes to read. */
  readonly bytes?: number;
  /** Approximate size of the largest output, in bytes. */
  readonly outputBytes?: number;
  /** Time steps of the largest output, and its cells per step. */
  readonly steps?: number;
  readonly cells?: number;
  /** The most that a run may read, in bytes. */
  readonly limitBytes?: number;
}

/**
 * What an input may still be, given the rest of the request. A member that is left out adds no limit to the
 * description.
 */
export interface InputConstraint {
  /**
   * The only possible values. For an input whose editor is `several`, the values that each part may have.
   * Empty if the input cannot be given at all.
   */
  readonly values?: readonly string[];
  /** Ranges that are possible besides `values`. */
  readonly ranges?: readonly ValueRange[];
  /**
   * For an input whose editor is `extent`: the range of each part. `depth` is null for data without depths.
   */
  readonly extent?: Pick<Coverage, 'bbox' | 'period'> & {
    readonly depth?: NonNullable<Coverage['depth']> | null;
  };
  /** The reason, in words for the user. */
  readonly text?: string;
}

/** What an output may still be, given the rest of the request. */
export interface OutputConstraint {
  /** MIME types of the only possible formats; empty if the output cannot be requested. */
  readonly formats?: readonly string[];
  /** The reason, in words for the user. */
  readonly text?: string;
}

/** What the rest of a request still allows, by identifier. Anything left out has no further limit. */
export interface Constraints {
  readonly inputs?: Readonly<Record<string, InputConstraint>>;
  readonly outputs?: Readonly<Record<string, OutputConstraint>>;
}

/** A picture of the data that a request selects from: the whole area, at its last time. */
export interface Overview {
  /** PNG in plate carrée (degrees are equally wide and high), transparent where there is no value. */
  readonly png: Uint8Array;
  /** Degrees of its edges: west, south, east, north. East may exceed 180. */
  readonly bbox: readonly [west: number, south: number, east: number, north: number];
  /** Describes what the picture shows. */
  readonly title: string;
  /** ISO 8601, in the calendar of the data; left out for data without a time. */
  readonly instant?: string;
  /** Values of the first and the last colour. */
  readonly from: number;
  readonly to: number;
  readonly units?: string;
}

/** What an answer about a request may use. */
export interface AdviceSurroundings {
  /** Variables that the process's command would read (`JobRequirements.variables`). */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Aborted when an answer would come too late. */
  readonly signal: AbortSignal;
}

/**
 * A process with advice names it in its description:
 * `advice: async () => (await import('./advice.ts')).advice`. The module is loaded with the first question,
 * so that it does not slow down the start of the service. Answers take a second or two at most.
 */
export interface ProcessAdvice {
  /** @returns about twenty suggestions at most, the best first; empty if there are no suggestions */
  readonly suggest?: (
    question: SuggestionQuestion,
    surroundings: AdviceSurroundings,
  ) => Promise<readonly Suggestion[]>;
  /** @param inputs as given, valid or not, with defaults applied */
  readonly estimate?: (
    inputs: LiteralInputs,
    surroundings: AdviceSurroundings,
  ) => Promise<Estimate>;
  /**
   * What each input and output may be, given all others, so that a form can grey out the rest. The current
   * value of an input does not limit that input itself, because the user can change it.
   *
   * @param inputs as given, valid or not, with defaults applied
   * @param outputs as requested; empty for all
   */
  readonly constraints?: (
    inputs: LiteralInputs,
    outputs: readonly WantedOutput[],
    surroundings: AdviceSurroundings,
  ) => Promise<Constraints>;
  /**
   * A picture on which to choose an area. Forms request it repeatedly while a person fills them in, so it is
   * cached.
   *
   * @param inputs as given, valid or not, with defaults applied, but without those that select a part
   * @returns undefined if it cannot be drawn quickly
   */
  readonly overview?: (
    inputs: LiteralInputs,
    surroundings: AdviceSurroundings,
  ) => Promise<Overview | undefined>;
}
