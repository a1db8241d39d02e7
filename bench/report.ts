import type { Report } from './bench.ts';
import type { Figures, Ratio } from './compare.ts';
import type { DeskFigures } from './desk.ts';
import type { OverLink } from './link.ts';
import type { Size } from './million.ts';

/** What was measured, for a person to read. */
export function tableOf(report: Report): string {
  const { processors, model, node } = report.machine;
  const machine = `${processors} processors (${model}), Node ${node}`;
  if ('desk' in report) return [machine, '', deskLine(report.desk)].join('\n');
  if ('sizes' in report) return [machine, '', ...sizes(report.sizes)].join('\n');
  if ('ways' in report)
    return [`${machine}; a round trip of ${report.link_ms} ms`, '', ...report.ways.map(overLink)].join('\n');
  return [
    `${machine}; the sink is the one in ${report.sink}`,
    '',
    HEAD,
    ...report.figures.map(figures),
    '',
    ...report.ratios.map(ratio),
  ].join('\n');
}

const deskLine = ({
  items,
  edits,
  follow_ms,
  first_paint_cold_ms,
  first_paint_ms,
  script_and_style_bytes,
}: DeskFigures): string =>
  `desk, ${items} stories: the preview follows in ${follow_ms.median} ms after the debounce (median of ${edits}; 95 % in ${follow_ms.p95}); ` +
  `first paint ${first_paint_ms} ms, ${first_paint_cold_ms} of the first page after a start; script and style ${script_and_style_bytes} bytes`;

const HEAD = `${''.padEnd(10)}${'messages/s'.padStart(12)}${'sender µs'.padStart(12)}${'Postgres µs'.padStart(13)}${'peak MB'.padStart(9)}  what`;

const micros = (ms: number | undefined): string => (ms === undefined ? 'unknown' : (ms * 1000).toFixed(1));

function figures(one: Figures): string {
  if ('not_measured' in one) return `${one.name.padEnd(10)}${one.what}: not measured, ${one.not_measured}`;
  return [
    one.name.padEnd(10),
    one.messages_per_second.toFixed(0).padStart(12),
    micros(one.sender_ms).padStart(12),
    micros(one.postgres_ms).padStart(13),
    one.peak_mb.toFixed(0).padStart(9),
    `  ${one.what} (${one.rounds} × ${one.messages})`,
  ].join('');
}

const ratio = ({ of, to, rate, processor }: Ratio): string =>
  `${of} : ${to}`.padEnd(18) +
  `${rate.toFixed(1)} times the rate, 1/${(1 / processor).toFixed(1)} of the processor time`;

const sizes = (all: Size[]): string[] =>
  all.map(
    (size) =>
      `${size.readers.toLocaleString('en').padStart(10)} readers: ${size.messages_per_second.toFixed(0)} messages a second, ` +
      `${micros(size.sender_ms)} + ${micros(size.postgres_ms)} µs of processor each (sender + Postgres), ` +
      `${size.peak_mb.toFixed(0)} MB; ${size.accepted} accepted, ${size.trials_counted} counted on trials`,
  );

const overLink = ({ what, messages_per_second, to_pool }: OverLink): string =>
  `${what.padEnd(32)}${messages_per_second.toFixed(0).padStart(8)} messages a second, ${to_pool.toFixed(2)} times the pool`;
