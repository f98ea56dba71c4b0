import type { ReactNode } from 'react';
import { useAccount } from '../../layout/account-choice';
import './accounts.css';
import { AllAccounts } from './all-accounts';
import { OneAccount } from './one-account';

/** An account in numbers, its limits, keys, people and who changed what; all accounts for operators. */
export function AccountsPage(): ReactNode {
  const account = useAccount();
  return account === undefined ? <AllAccounts /> : <OneAccount key={account} id={account} />;
}
