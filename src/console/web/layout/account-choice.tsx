import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../api/client';
import { useIdentity } from '../session/session';

const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whose data is shown: undefined for all accounts, which only operators see. */
export function useAccount(): string | undefined {
  const { isOperator, me } = useIdentity();
  const [search] = useSearchParams();
  if (!isOperator) return me.account_id ?? undefined;
  const chosen = search.get('account');
  return chosen !== null && ACCOUNT_ID.test(chosen) ? chosen : undefined;
}

/** Lets operators choose an account; says to others which one is theirs. */
export function AccountChoice(): ReactNode {
  const { isOperator, me } = useIdentity();
  return isOperator ? <Choice /> : <span>Account {me.account_id}</span>;
}

function Choice(): ReactNode {
  const account = useAccount() ?? '';
  const [text, setText] = useState(account);
  const [textOf, setTextOf] = useState(account);
  // A link, or the way back, may have chosen another one.
  if (textOf !== account) {
    setTextOf(account);
    setText(account);
  }
  const [, setSearch] = useSearchParams();
  const { data } = useQuery({
    queryKey: ['accounts', 'choice'],
    queryFn: () => answered(api.GET('/accounts', { params: { query: { limit: 100 } } })),
  });
  const choose = (value: string): void => {
    if (value !== '' && !ACCOUNT_ID.test(value)) return;
    setSearch((search) => {
      if (value === '') search.delete('account');
      else search.set('account', value);
      return search;
    });
  };
  return (
    <Autocomplete
      size="xs"
      label="Account"
      placeholder="All accounts"
      value={text}
      onChange={(value) => {
        setText(value);
        if (value === '') choose('');
      }}
      onOptionSubmit={choose}
      onBlur={() => choose(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') choose(text);
      }}
      data={['default', ...(data?.accounts ?? []).map(({ id }) => id).filter((id) => id !== 'default')]}
      error={text === '' || ACCOUNT_ID.test(text) ? undefined : 'Not an account id'}
    />
  );
}
