/*
 * Event streams for the bench: an upstream that writes them and a client that reads and times them. In C, so that both fit on
 * one core beside each other.
 *
 *   streams upstream PORT EVENTS INTERVAL_US WIRES
 *       POST /paced/WIRE/... writes an event every interval, /flood/WIRE/... as fast as the socket takes them, one write each.
 *       WIRES is a folder with a file for each wire: content type, opening, event and closing with \x1c between.
 *   streams client PORT PATH STREAMS EVENTS LATE_US SECONDS KEY BODY MARK
 *       SECONDS 0: every connection reads one stream; else it begins the next one until the time is over. MARK is what stands
 *       before the text of an event. Prints JSON.
 *   streams rate PORT PATH PER_SECOND SECONDS KEY MODEL
 *       asks for whole answers at a fixed rate, whether or not earlier ones have come. Prints JSON.
 *
 * Each event carries the time it was written; both sides read the same monotonic clock.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096
#define DIGITS 16
#define STAMP "{stamp}"
#define WIRES 16
#define WIRE_ROOM 8192

static long long now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static struct sockaddr_in local(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void no_delay(int fd) {
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void watch(int poll, int fd, int how, unsigned events, unsigned long mark) {
  struct epoll_event event = {.events = events, .data.u64 = mark};
  epoll_ctl(poll, how, fd, &event);
}

/* ---- upstream ---- */

struct wire {
  char name[300], text[WIRE_ROOM], *type, *opening, *event, *after_stamp, *closing;
};

struct writer {
  int used, fd, streaming, paced, sent, blocked;
  struct wire *wire;
  long long due;
  size_t in, out, out_at;
  char request[16384], pending[WIRE_ROOM + 64];
};

static struct writer writers[MOST];
static struct wire wires[WIRES];
static int wire_count;

/* Cuts `*from` at `mark`; what stands before it, or NULL when it is not there. */
static char *part(char **from, const char *mark) {
  char *at = strstr(*from, mark), *begin = *from;
  if (!at) return NULL;
  *at = 0;
  *from = at + strlen(mark);
  return begin;
}

static int read_wires(const char *folder) {
  DIR *all = opendir(folder);
  if (!all) return perror(folder), 0;
  for (struct dirent *entry; (entry = readdir(all)) && wire_count < WIRES;) {
    if (entry->d_name[0] == '.') continue;
    struct wire *w = &wires[wire_count];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    snprintf(w->name, sizeof w->name, "/%s/", entry->d_name);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(w->text, 1, sizeof w->text - 1, file) : 0;
    if (file) fclose(file);
    w->text[length] = 0;
    char *rest = w->text;
    w->type = part(&rest, "\x1c"), w->opening = part(&rest, "\x1c"), w->event = part(&rest, STAMP), w->after_stamp = part(&rest, "\x1c"), w->closing = rest;
    if (!w->type || !w->opening || !w->event || !w->after_stamp) return fprintf(stderr, "%s is no wire\n", path), 0;
    wire_count++;
  }
  closedir(all);
  return wire_count;
}

static int event_text(struct writer *w, int index, int events) {
  char data[WIRE_ROOM];
  struct wire *wire = w->wire;
  if (index == 0) snprintf(data, sizeof data, "%s", wire->opening);
  else if (index <= events) snprintf(data, sizeof data, "%s@%0*lld %s", wire->event, DIGITS, now_us(), wire->after_stamp);
  else snprintf(data, sizeof data, "%s", wire->closing);
  return snprintf(w->pending, sizeof w->pending, "%zx\r\n%s\r\n%s", strlen(data), data, index > events ? "0\r\n\r\n" : "");
}

/* 1: written, 0: the socket is full, -1: gone */
static int put(struct writer *w) {
  while (w->out_at < w->out) {
    ssize_t n = send(w->fd, w->pending + w->out_at, w->out - w->out_at, MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    w->out_at += n;
  }
  return 1;
}

/* The same state; a stream that is written whole is over. */
static int ended(struct writer *w, int state, int events) {
  if (state == 1 && w->sent > events + 1) w->streaming = 0;
  return state;
}

static int step(struct writer *w, int events) {
  int state = ended(w, put(w), events);
  if (state <= 0 || !w->streaming) return state;
  w->out = event_text(w, w->sent++, events);
  w->out_at = 0;
  return ended(w, put(w), events);
}

static int take_request(struct writer *w, int interval) {
  char *end = memmem(w->request, w->in, "\r\n\r\n", 4);
  if (!end) return 0;
  *end = 0;
  char *length = strcasestr(w->request, "content-length:");
  size_t whole = (end - w->request) + 4 + (length ? strtoul(length + 15, NULL, 10) : 0);
  char *line_end = strstr(w->request, "\r\n");
  if (line_end) *line_end = 0;
  int paced = strstr(w->request, "/paced/") != NULL;
  w->wire = NULL;
  for (int i = 0; i < wire_count; i++) if (strstr(w->request, wires[i].name)) w->wire = &wires[i];
  if (line_end) *line_end = '\r';
  *end = '\r';
  if (w->in < whole) return 0;
  memmove(w->request, w->request + whole, w->in - whole);
  w->in -= whole;
  if (!w->wire) return -1;
  w->streaming = 1, w->paced = paced, w->sent = 0;
  w->due = now_us() + interval;
  w->out = snprintf(w->pending, sizeof w->pending, "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ntransfer-encoding: chunked\r\n\r\n", w->wire->type);
  w->out_at = 0;
  return 1;
}

static void drop(struct writer *w) {
  close(w->fd);
  w->used = 0;
}

static void run_on(struct writer *w, int poll, int events, int interval) {
  for (int i = 0; i < 64 && w->streaming; i++) {
    if (w->paced && w->sent > 0 && w->due > now_us()) break;
    int state = step(w, events);
    if (state < 0) return drop(w);
    if (w->paced && w->sent > 1) w->due += interval;
    if ((state == 0) != w->blocked) {
      w->blocked = state == 0;
      watch(poll, w->fd, EPOLL_CTL_MOD, EPOLLIN | (w->blocked ? EPOLLOUT : 0), w - writers);
    }
    if (state == 0) break;
  }
  /* The next request may have come while the last event was written. */
  if (!w->streaming && w->in > 0 && take_request(w, interval) < 0) drop(w);
}

static int upstream(int port, int events, int interval) {
  struct sockaddr_in address = local(port);
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return perror("listen"), 1;
  watch(poll, listener, EPOLL_CTL_ADD, EPOLLIN, MOST);
  struct epoll_event ready[256];
  for (;;) {
    int active = 0;
    for (int i = 0; i < MOST; i++) active |= writers[i].used && writers[i].streaming && !writers[i].blocked ? 1 + !writers[i].paced : 0;
    int count = epoll_wait(poll, ready, 256, active & 2 ? 0 : active ? 1 : 1000);
    for (int i = 0; i < count; i++) {
      if (ready[i].data.u64 == MOST) {
        int fd;
        while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          int at = 0;
          while (at < MOST && writers[at].used) at++;
          if (at == MOST) { close(fd); continue; }
          no_delay(fd);
          memset(&writers[at], 0, sizeof writers[at]);
          writers[at].used = 1, writers[at].fd = fd;
          watch(poll, fd, EPOLL_CTL_ADD, EPOLLIN, at);
        }
        continue;
      }
      struct writer *w = &writers[ready[i].data.u64];
      if (!w->used) continue;
      if (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        ssize_t n = recv(w->fd, w->request + w->in, sizeof w->request - w->in - 1, 0);
        if (n == 0 || (n < 0 && errno != EAGAIN)) { drop(w); continue; }
        if (n > 0) w->in += n;
        if (!w->streaming && take_request(w, interval) < 0) drop(w);
      }
    }
    for (int i = 0; i < MOST; i++) if (writers[i].used && writers[i].streaming) run_on(&writers[i], poll, events, interval);
  }
}

/* ---- client ---- */

struct reader {
  int fd, open, running, seen;
  long long asked;
  size_t tail;
  char buffer[65536 + 64];
};

static struct reader readers[MOST];
static long long *delays, *firsts;
static size_t delay_count, first_count, delay_room;

static int by_size(const void *a, const void *b) {
  long long x = *(const long long *)a, y = *(const long long *)b;
  return (x > y) - (x < y);
}

static long long at(long long *sorted, size_t count, double share) { return count ? sorted[(size_t)((count - 1) * share)] : 0; }

static char question[4096];
static const char *mark_text;

static void ask(struct reader *r) {
  r->asked = now_us(), r->running = 1, r->seen = 0, r->tail = 0;
  if (send(r->fd, question, strlen(question), MSG_NOSIGNAL) < 0) r->open = r->running = 0;
}

/* Reads what came; 1 when the stream ended. */
static int take(struct reader *r, int *failed) {
  ssize_t n = recv(r->fd, r->buffer + r->tail, 65536, 0);
  if (n <= 0) {
    if (n < 0 && errno == EAGAIN) return 0;
    r->open = 0, *failed += 1;
    return 1;
  }
  size_t length = r->tail + n;
  long long now = now_us();
  char *from = r->buffer, *end = r->buffer + length, *mark;
  while ((mark = memmem(from, end - from, mark_text, strlen(mark_text))) && mark + strlen(mark_text) + DIGITS < end) {
    from = mark + strlen(mark_text);
    long long written = strtoll(from, NULL, 10);
    if (r->seen++ == 0) firsts[first_count++ % MOST] = now - r->asked;
    if (delay_count < delay_room) delays[delay_count] = now - written;
    delay_count++;
  }
  int done = memmem(from, end - from, "\n0\r\n\r\n", 6) != NULL;
  size_t keep = end - from < 64 ? end - from : 64;
  memmove(r->buffer, end - keep, keep);
  r->tail = keep;
  return done;
}

static int client(char **v) {
  int port = atoi(v[0]), streams = atoi(v[2]), events = atoi(v[3]), late_us = atoi(v[4]), seconds = atoi(v[5]), poll = epoll_create1(0), failed = 0, done = 0, started = 0, running = 0;
  mark_text = v[8];
  snprintf(question, sizeof question, "POST %s HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s", v[1], v[6], strlen(v[7]), v[7]);
  delay_room = seconds ? 1000000 : (size_t)streams * events + 1;
  delays = calloc(delay_room, sizeof *delays), firsts = calloc(MOST, sizeof *firsts);
  struct sockaddr_in address = local(port);
  long long begun = now_us(), limit = begun + (seconds ? seconds * 1000000LL : 60000000LL), lost = 0, complete = 0;
  struct epoll_event ready[256];
  while (started < streams || running) {
    long long now = now_us();
    if (now > limit + 5000000LL) break;
    /* Begun over one second, so that no two intervals fall together by design. */
    while (started < streams && now >= begun + started * 1000000LL / streams) {
      struct reader *r = &readers[started++];
      r->fd = socket(AF_INET, SOCK_STREAM, 0);
      if (connect(r->fd, (struct sockaddr *)&address, sizeof address)) return perror("connect"), 1;
      fcntl(r->fd, F_SETFL, O_NONBLOCK);
      no_delay(r->fd);
      r->open = 1;
      watch(poll, r->fd, EPOLL_CTL_ADD, EPOLLIN, r - readers);
      ask(r);
      running++;
    }
    int count = epoll_wait(poll, ready, 256, started < streams ? 1 : 100);
    for (int i = 0; i < count; i++) {
      struct reader *r = &readers[ready[i].data.u64];
      if (!r->running || !take(r, &failed)) continue;
      complete += r->seen == events, lost += events - r->seen, done++;
      r->running = 0;
      if (r->open && seconds && now_us() < limit) ask(r);
      else running--, close(r->fd);
    }
  }
  long long elapsed = now_us() - begun;
  size_t kept = delay_count < delay_room ? delay_count : delay_room, late = 0, first_kept = first_count < MOST ? first_count : MOST;
  for (size_t i = 0; i < kept; i++) late += delays[i] > late_us;
  qsort(delays, kept, sizeof *delays, by_size);
  qsort(firsts, first_kept, sizeof *firsts, by_size);
  printf("{\"streams\":%d,\"complete\":%lld,\"failed\":%d,\"unfinished\":%d,\"events\":%zu,\"lost\":%lld,\"late\":%zu,\"elapsedUs\":%lld,\"firstP50Us\":%lld,\"firstP99Us\":%lld,\"delayP50Us\":%lld,\"delayP99Us\":%lld,\"delayMaxUs\":%lld}\n",
         done, complete, failed, running, delay_count, lost, late, elapsed, at(firsts, first_kept, .5), at(firsts, first_kept, .99), at(delays, kept, .5), at(delays, kept, .99), at(delays, kept, 1));
  return 0;
}

/* ---- fixed rate ---- */

static int waiting[MOST], waiting_count;
static long long *refusals;
static size_t refusal_count;

/* Reads what came; the status when the answer is whole, -1 when the connection broke, else 0. */
static int take_answer(struct reader *r) {
  ssize_t n = recv(r->fd, r->buffer + r->tail, sizeof r->buffer - r->tail - 1, 0);
  if (n <= 0) return n < 0 && errno == EAGAIN ? 0 : -1;
  r->tail += n;
  r->buffer[r->tail] = 0;
  char *end = strstr(r->buffer, "\r\n\r\n"), *length = end ? strcasestr(r->buffer, "content-length:") : NULL;
  if (!end || !length || r->tail < (size_t)(end + 4 - r->buffer) + strtoul(length + 15, NULL, 10)) return 0;
  return atoi(r->buffer + 9);
}

static int rate(char **v) {
  int port = atoi(v[0]), per_second = atoi(v[2]), seconds = atoi(v[3]), poll = epoll_create1(0), opened = 0, other = 0, broken = 0, running = 0;
  char body[256];
  snprintf(body, sizeof body, "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Count for me, please.\"}]}", v[5]);
  snprintf(question, sizeof question, "POST %s HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s", v[1], v[4], strlen(body), body);
  long long total = (long long)per_second * seconds, sent = 0, unsent = 0, begun = now_us();
  delays = calloc(total + 1, sizeof *delays), refusals = calloc(total + 1, sizeof *refusals);
  struct sockaddr_in address = local(port);
  struct epoll_event ready[256];
  while (sent + unsent < total || running) {
    long long now = now_us();
    if (now > begun + (seconds + 20) * 1000000LL) break;
    for (long long due; sent + unsent < total && (due = begun + (sent + unsent) * 1000000LL / per_second) <= now;) {
      if (!waiting_count && opened < MOST) waiting[waiting_count++] = opened++;
      if (!waiting_count) { unsent++; continue; }
      int slot = waiting[--waiting_count];
      struct reader *r = &readers[slot];
      if (!r->open) {
        r->fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(r->fd, (struct sockaddr *)&address, sizeof address)) return perror("connect"), 1;
        fcntl(r->fd, F_SETFL, O_NONBLOCK);
        no_delay(r->fd);
        r->open = 1;
        watch(poll, r->fd, EPOLL_CTL_ADD, EPOLLIN, slot);
      }
      ask(r);
      r->asked = due;
      sent++, running++;
    }
    int count = epoll_wait(poll, ready, 256, 1);
    for (int i = 0; i < count; i++) {
      struct reader *r = &readers[ready[i].data.u64];
      int status = r->running ? take_answer(r) : 0;
      if (!status) continue;
      running--, r->running = 0;
      long long took = now_us() - r->asked;
      if (status == 200) delays[delay_count++] = took;
      else if (status == 429 || status == 503) refusals[refusal_count++] = took;
      else if (status > 0) other++;
      broken += status < 0;
      if (status < 0 || strcasestr(r->buffer, "\r\nconnection: close")) r->open = 0, close(r->fd);
      waiting[waiting_count++] = r - readers;
    }
  }
  qsort(delays, delay_count, sizeof *delays, by_size);
  qsort(refusals, refusal_count, sizeof *refusals, by_size);
  printf("{\"accepted\":%zu,\"refused\":%zu,\"other\":%d,\"broken\":%d,\"unanswered\":%d,\"unsent\":%lld,\"connections\":%d,\"acceptedP50Us\":%lld,\"acceptedP99Us\":%lld,\"refusedP99Us\":%lld}\n",
         delay_count, refusal_count, other, broken, running, unsent, opened, at(delays, delay_count, .5), at(delays, delay_count, .99), at(refusals, refusal_count, .99));
  return 0;
}

int main(int count, char **values) {
  signal(SIGPIPE, SIG_IGN);
  if (count == 6 && !strcmp(values[1], "upstream")) return !read_wires(values[5]) || upstream(atoi(values[2]), atoi(values[3]), atoi(values[4]));
  if (count == 11 && !strcmp(values[1], "client")) return client(values + 2);
  if (count == 8 && !strcmp(values[1], "rate")) return rate(values + 2);
  fprintf(stderr, "usage: see the head of streams.c\n");
  return 2;
}
