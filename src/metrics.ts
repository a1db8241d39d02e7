import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** All that `/metrics` shows. A room registers its own measures here under names that begin with `presstime_`. */
export const registry = new Registry();

collectDefaultMetrics({ register: registry });

/** How long a page took to answer, by the route's pattern, never by the address asked for. */
export const httpSeconds = new Histogram({
  name: 'presstime_http_seconds',
  help: 'Seconds to answer a request',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.1, 0.3, 1, 3, 10],
  registers: [registry],
});
