import { Button, Select } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { Member } from '../../api/types';
import { AskDialog } from '../../parts/ask-dialog';
import { Empty } from '../../parts/empty';
import { Instant } from '../../parts/instant';
import { Pager, useCursors } from '../../parts/pager';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { ROLES, roleWords, type Role } from './roles';

const PAGE_SIZE = 25;

type Asked =
  | { readonly to: 'change'; readonly member: Member; readonly role: Role }
  | { readonly to: 'remove'; readonly member: Member };

/** Who may see and change what is in an account. */
export function People({
  account,
  onInvite,
}: {
  readonly account: string;
  readonly onInvite: () => void;
}): ReactNode {
  const [asked, setAsked] = useState<Asked | null>(null);
  const pages = useCursors(account);
  const { data, error, refetch } = useQuery({
    queryKey: ['people', account, pages.cursor],
    queryFn: () => {
      const params = { path: { id: account }, query: { limit: PAGE_SIZE, cursor: pages.cursor } };
      return answered(api.GET('/accounts/{id}/people', { params }));
    },
    placeholderData: keepPreviousData,
  });
  const next = data?.next_cursor ?? null;
  return (
    <section className="card" aria-label="People">
      <div className="card-head">
        <h2>People</h2>
        <Button size="compact-xs" variant="default" onClick={onInvite}>
          Invite somebody
        </Button>
      </div>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <WaitingRows rows={2} />}
      {data?.people.length === 0 && (
        <Empty title="Nobody yet">
          <p>
            Nobody registers by themself. Invite somebody by e-mail address, and hand the link on; who logs in
            by the company’s account needs no link.
          </p>
        </Empty>
      )}
      {data !== undefined && data.people.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">E-mail</th>
              <th scope="col">Role</th>
              <th scope="col">Last login</th>
              <th scope="col">Joined</th>
              <th scope="col">Action</th>
            </tr>
          </thead>
          <tbody>
            {data.people.map((member) => (
              <tr key={member.id}>
                <td>
                  <bdi>{member.email}</bdi>
                  {member.operator && <div className="small quiet">operator of the whole service</div>}
                </td>
                <td>
                  <Select
                    size="xs"
                    className="role-choice"
                    aria-label={`Role of ${member.email}`}
                    allowDeselect={false}
                    value={member.role}
                    data={ROLES}
                    onChange={(role) => {
                      if (role !== null && role !== member.role) setAsked({ to: 'change', member, role });
                    }}
                  />
                </td>
                <td data-label="Last login">
                  <Instant at={member.last_login_at} otherwise="never" />
                </td>
                <td data-label="Joined">
                  <Instant at={member.joined_at} />
                </td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Remove ${member.email}`}
                    onClick={() => setAsked({ to: 'remove', member })}
                  >
                    Remove
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Pager
        label="people"
        back="Back"
        onward="More"
        onBack={pages.onBack}
        onOnward={next === null ? undefined : () => pages.onward(next)}
      />
      {asked !== null && <MemberDialog account={account} asked={asked} onClose={() => setAsked(null)} />}
    </section>
  );
}

function MemberDialog({
  account,
  asked,
  onClose,
}: {
  readonly account: string;
  readonly asked: Asked;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const { member } = asked;
  const params = { path: { id: account, person_id: member.id } };
  const done = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['people', account] });
    await queries.invalidateQueries({ queryKey: ['audit'] });
  };
  if (asked.to === 'remove') {
    return (
      <AskDialog
        title={`Remove ${member.email}?`}
        leave="Keep them"
        doIt="Remove"
        onClose={onClose}
        onDo={async () => {
          await answered(api.DELETE('/accounts/{id}/people/{person_id}', { params }));
          await done();
        }}
      >
        <p>
          They see nothing of {account} any more, within 20 seconds everywhere. Who belongs to no other
          account is forgotten, and can be invited anew.
        </p>
      </AskDialog>
    );
  }
  const { role } = asked;
  return (
    <AskDialog
      title={`Make ${member.email} ${roleWords(role).name}?`}
      leave={`Keep ${member.role}`}
      doIt={`Make ${role}`}
      isDestructive={false}
      onClose={onClose}
      onDo={async () => {
        await answered(api.PATCH('/accounts/{id}/people/{person_id}', { params, body: { role } }));
        await done();
      }}
    >
      <p>They may then {roleWords(role).may}. It holds within 20 seconds everywhere.</p>
    </AskDialog>
  );
}
