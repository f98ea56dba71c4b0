import { Initial1763596800000 } from './migrations/1763596800000-initial';

/** All migrations, oldest first. They go forward only. */
export const migrations = [Initial1763596800000] as const;
