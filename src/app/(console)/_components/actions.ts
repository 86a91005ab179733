'use server';
import { redirect } from 'next/navigation';
import { endSession } from '#/server/auth.ts';

export async function signOutAction(): Promise<never> {
  await endSession();
  redirect('/login');
}
