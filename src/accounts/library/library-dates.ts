import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type PrimitiveValueListNode,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
  type ValueNode,
} from 'kysely';

/**
 * Stands between better-auth, which knows `Date` and asks the machine for the time, and our tables, which hold instants
 * of our own clock, `ahead_ms` before the machine's (0 in production): both ways, each sees what it knows.
 */
export class LibraryDates implements KyselyPlugin {
  readonly #ahead_ms: number;
  readonly #toInstants: ToInstants;

  constructor(ahead_ms: number) {
    this.#ahead_ms = ahead_ms;
    this.#toInstants = new ToInstants(ahead_ms);
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return this.#toInstants.transformNode(node);
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const dated = (value: unknown) =>
      value instanceof Temporal.Instant ? new Date(value.epochMilliseconds - this.#ahead_ms) : value;
    const rows = result.rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, dated(value)])),
    );
    return { ...result, rows };
  }
}

class ToInstants extends OperationNodeTransformer {
  readonly #ahead_ms: number;

  constructor(ahead_ms: number) {
    super();
    this.#ahead_ms = ahead_ms;
  }

  protected override transformValue(node: ValueNode): ValueNode {
    return { ...node, value: this.#instant(node.value) };
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map((value) => this.#instant(value)) };
  }

  #instant(value: unknown): unknown {
    return value instanceof Date
      ? Temporal.Instant.fromEpochMilliseconds(value.getTime() + this.#ahead_ms)
      : value;
  }
}
