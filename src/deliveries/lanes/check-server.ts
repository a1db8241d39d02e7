import nodemailer from 'nodemailer';
import { unavailable } from '../../errors.ts';
import { serverOf } from './server.ts';

const PATIENCE_MS = 10_000;

/**
 * Connects to the mail server of `smtp_url`, secures and signs in as the lane would, and hands nothing over.
 * `ca`: the authority to check its certificate against. Returns what it found in words; throws `unavailable` where the
 * server cannot be used.
 */
export async function checkServer(smtp_url: string, ca?: string): Promise<string> {
  const { host, port } = serverOf(smtp_url);
  const patience = {
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  };
  const transport = nodemailer.createTransport({ ...serverOf(smtp_url, ca), ...patience });
  try {
    await transport.verify();
    return `${host}:${port} takes our connection`;
  } catch (cause) {
    throw unavailable(`the mail server ${host}:${port} does not take our connection`, cause);
  } finally {
    transport.close();
  }
}
