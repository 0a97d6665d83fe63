/** What the app does about the bridge integration. */
export const BRIDGE_MODES = ['auto', 'notify', 'manual'] as const;

/** What users of Home Assistant who are no administrators get in the panel. */
export const MEMBER_ACCESS = ['none', 'own_keys'] as const;
