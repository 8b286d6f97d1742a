export declare const SAMPLES: readonly string[];
export declare function build(names?: readonly string[]): Promise<string[]>;
