declare module 'parse-prometheus-text-format' {
  /** Every value is the text as it stands there. A histogram has buckets, a sum and a count in place of a value. */
  const parse: (text: string) => ReadonlyArray<{
    readonly name: string;
    readonly help: string;
    readonly type: 'COUNTER' | 'GAUGE' | 'HISTOGRAM' | 'SUMMARY' | 'UNTYPED';
    readonly metrics: ReadonlyArray<{
      readonly value?: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly buckets?: Readonly<Record<string, string>>;
      readonly sum?: string;
      readonly count?: string;
    }>;
  }>;
  export default parse;
}
