import { z } from 'zod';

export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

/** Anything unknown is the system's own choice. */
export const themeSchema = z.enum(themes).catch('system');

export const themeCookie = 'exalate-theme';
