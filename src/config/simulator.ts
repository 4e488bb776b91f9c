import { z } from 'zod';
import { port, type SectionValues, trueOrFalse, variable } from './variable.ts';

/** The simulated Smart-ID service and the sample app; used with `SMARTID_ENVIRONMENT=simulator` only. */
export const simulatorSection = {
  SIMULATOR_PORT: variable(port(3001), { description: 'The port of the simulated Smart-ID service.' }),
  SIMULATOR_ANSWERS_LIKE: variable(z.enum(['3.1', '3.2'], { error: 'must be 3.1 or 3.2' }).default('3.2'), {
    description:
      'The RP API version whose HTTP answers the simulator gives: a Basic account is 471 in 3.1 and 404 with a code in 3.2.',
  }),
  SIMULATOR_ALLOWS_ADVANCED: variable(trueOrFalse(), {
    description:
      'Whether the relying party may ask the simulator for ADVANCED: with false it is refused with 403, as in SK’s demo. Set true to let Smart-ID Basic accounts in, together with SMARTID_CERTIFICATE_LEVEL=ADVANCED.',
  }),
  SIMULATOR_DELAY_MS: variable(
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be milliseconds, 0 to 99999')
      .transform(Number)
      .default(1500),
    { description: 'How long the simulator’s automated accounts take to answer, in milliseconds.' },
  ),
  SAMPLE_APP_PORT: variable(port(3002), { description: 'The port of the sample app.' }),
};

export interface SimulatorConfig {
  readonly port: number;
  readonly answersLike: '3.1' | '3.2';
  readonly allowsAdvanced: boolean;
  readonly delayMs: number;
  readonly sampleAppPort: number;
}

export function simulatorConfig(simulator: SectionValues<typeof simulatorSection>): SimulatorConfig {
  return {
    port: simulator.SIMULATOR_PORT,
    answersLike: simulator.SIMULATOR_ANSWERS_LIKE,
    allowsAdvanced: simulator.SIMULATOR_ALLOWS_ADVANCED,
    delayMs: simulator.SIMULATOR_DELAY_MS,
    sampleAppPort: simulator.SAMPLE_APP_PORT,
  };
}
