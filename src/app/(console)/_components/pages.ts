import {
  Activity,
  CircleAlert,
  Cable,
  Eraser,
  FileSpreadsheet,
  LayoutDashboard,
  ListOrdered,
  type LucideIcon,
  Rocket,
  Settings,
  Zap,
} from 'lucide-react';

export interface ConsolePage {
  name: string;
  href: string;
  icon: LucideIcon;
}

/** The pages in the order of the navigation. A page's heading is its name. */
export const consolePages: readonly ConsolePage[] = [
  { name: 'Getting Started', href: '/getting-started', icon: Rocket },
  { name: 'Dashboard', href: '/dashboard', icon: LayoutDashboard },
  { name: 'General Settings', href: '/settings', icon: Settings },
  { name: 'Connections', href: '/connections', icon: Cable },
  { name: 'Entity Sync Status', href: '/status', icon: Activity },
  { name: 'Triggers', href: '/triggers', icon: Zap },
  { name: 'Bulk Connect', href: '/bulk-connect', icon: FileSpreadsheet },
  { name: 'Errors', href: '/errors', icon: CircleAlert },
  { name: 'Sync Queue', href: '/queue', icon: ListOrdered },
  { name: 'Clean-up Tools', href: '/clean-up', icon: Eraser },
];
