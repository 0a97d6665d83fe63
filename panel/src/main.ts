import { haBridge } from './ha-bridge.ts';
import { locale } from './i18n/locale.ts';
import { useLanguage } from './i18n/texts.ts';
import { router } from './router/router.ts';
import { pathOfId } from './router/routes.ts';
import { useOwnIcons } from './theme/icon-libraries.ts';

useOwnIcons();
// A frame that never answers costs a second at most; theme and language are known at once.
await haBridge.start();
await useLanguage(locale.language);
router.start(pathOfId);
if (haBridge.connected) {
  router.announce = (address, replace) => haBridge.navigate(address, replace);
  haBridge.addEventListener('route', () => router.follow(haBridge.route ?? ''));
  router.follow(haBridge.route ?? '');
}
await import('./shell/gw-app.ts');
