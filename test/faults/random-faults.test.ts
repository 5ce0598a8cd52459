import { describe, expect, it } from 'vitest';
import { EngineBusy, type EngineJob } from '../../lambda/jobs/job-engine.ts';
import { behaviours } from './command.ts';
import { type Faults, Killed, NeverAnswers, NoAnswer } from './fault.ts';
import { Random } from './random.ts';
import { endings } from './simulated-batch.ts';
import { World } from './world.ts';

const jobs = 1_500;
/** Concurrent requests. */
const atOnce = 50;

/** Set `FAULTS_SEED` to repeat a run that failed. */
const seed = Number(process.env['FAULTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/**
 * Faults of one actor. Single calls fail, answers are lost or never come, the engine is busy, and some actors
 * die.
 */
function randomFaults(random: Random): Faults {
  const dies = random.chance(0.15) ? random.below(12) : Number.POSITIVE_INFINITY;
  const single = random.chance(0.3) ? 0.15 : 0;
  const never = random.chance(0.1) ? 0.05 : 0;
  let calls = 0;
  const fail = () => {
    if (calls > dies) throw new Killed();
    if (random.chance(single)) throw new NoAnswer();
    if (random.chance(never)) throw new NeverAnswers();
  };
  return {
    before: async () => {
      await turns(random.below(3));
      calls++;
      fail();
    },
    after: fail,
    beforeEngine: (call) => {
      calls++;
      if (call === 'submit' && random.chance(single)) throw new EngineBusy('throttled');
      fail();
    },
    afterEngine: fail,
  };
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}

function diesAtSubmission(): Faults {
  let isDead = false;
  return {
    beforeEngine: () => {
      isDead = true;
      throw new Killed();
    },
    before: () => {
      if (isDead) throw new Killed();
    },
  };
}

describe(`a run of ${jobs} jobs with faults everywhere (seed ${seed})`, () => {
  it('random faults everywhere leave every job in a final status, no success without output, and no end changed', async () => {
    const random = new Random(seed);
    const minted: string[] = [];
    /** Events in transit: some are lost, some are duplicated, and they arrive in any order. */
    const events: [string, EngineJob][] = [];
    /** Jobs whose commands do not end by themselves, so that clients lose patience with them. */
    const runningOn: string[] = [];
    const world = new World({
      mintJobId: () => {
        const id = random.uuid();
        minted.push(id);
        return id;
      },
      listingLagSeconds: () => random.below(50),
      attempt: (jobId, machine) => {
        const stopsAt = random.chance(0.1) ? random.below(10) : -1;
        const losesAt = random.chance(0.05) ? random.below(10) : -1;
        const lateTurns = random.below(300);
        const ending = random.chance(0.6) ? endings.reclaimed : endings.timedOut;
        const faults = randomFaults(random);
        const behaviour = random.chance(0.8)
          ? 'succeeds'
          : (behaviours[random.below(behaviours.length)] ?? 'succeeds');
        if (behaviour === 'runsOn') runningOn.push(jobId);
        let calls = 0;
        return {
          behaviour,
          timeoutTurns: 5_000,
          isSilent: random.chance(0.5),
          faults: {
            ...faults,
            before: async (operation, key) => {
              const call = calls++;
              if (call === stopsAt) machine.stop(ending);
              if (call === losesAt) {
                machine.lose();
                await turns(lateTurns);
              }
              await faults.before?.(operation, key);
            },
          },
        };
      },
      emit: (...event) => {
        for (let copies = random.chance(0.1) ? 0 : 1 + random.below(2); copies > 0; copies--) {
          events.splice(random.below(events.length + 1), 0, event);
        }
      },
    });
    await world.start();
    try {
      const deliverSome = async () => {
        for (const event of events.splice(0, random.below(6))) {
          await world.deliver(...event, randomFaults(random)).catch(() => undefined);
        }
      };
      const someJob = () => minted[random.below(minted.length)];
      const oneClient = async () => {
        await world.execute(randomFaults(random));
        await deliverSome();
        const other = someJob();
        if (other && random.chance(0.5)) await world.status(other, randomFaults(random));
        if (other && random.chance(0.03)) await world.dismiss(other, randomFaults(random));
        const long = runningOn.pop();
        if (long) await world.dismiss(long, randomFaults(random));
        if (other && random.chance(0.01)) await world.operatorEnds(other);
        if (random.chance(0.02)) world.pass(400);
        if (random.chance(0.01)) await world.sweep(randomFaults(random)).catch(() => undefined);
      };
      let sent = 0;
      const clients = Array.from({ length: atOnce }, async () => {
        while (sent++ < jobs) await oneClient();
      });
      await Promise.all(clients);
      await world.engine.idle();

      // Handlers that die at the worst moment leave jobs that would wait forever.
      for (let died = 0; died < 20; died++) await world.execute(diesAtSubmission());
      const waiting = (await world.jobs()).filter(({ status }) => status === 'accepted');
      expect(waiting.length).toBeGreaterThanOrEqual(20);
      await world.calm();
      expect(await world.violations()).toEqual([]);

      const ended = await world.jobs();
      const statuses = new Set(ended.map(({ status }) => status));
      expect(statuses).toEqual(new Set(['succeeded', 'failed', 'dismissed']));
      expect(ended.filter(({ status }) => status === 'succeeded').length).toBeGreaterThan(jobs / 3);
    } finally {
      await world.stop();
    }
  }, 600_000);
});
