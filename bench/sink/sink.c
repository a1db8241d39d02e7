/* A mail server that takes every message and only counts it: what Node's sink does, at a quarter of its processor time.
   usage: sink EXTENSION...   Prints {"port":N}; then, for every line on its standard input, what it has counted since
   the last one. Ends when its standard input does. Recipients are numbered (r17@reader.test): each is to come once. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONGEST_LINE = 1024, READ_BYTES = 1 << 20, REPLY_BYTES = 1 << 16, MOST_READERS = 2000001 };
enum phase { COMMAND, DATA, CHUNK };

struct session {
  int fd;
  enum phase phase;
  size_t left;      /* bytes of a chunk still to come */
  int is_last, is_over;
  char line[LONGEST_LINE]; /* what has come of a command, or the last bytes of a message */
  size_t held;
};

static long messages, bytes, sessions, again, strange;
static unsigned char seen[MOST_READERS];
static char input[READ_BYTES + LONGEST_LINE], output[REPLY_BYTES], ehlo[4096];
static size_t filled;
static const char END[] = "\r\n.\r\n";

static void flush_replies(int fd) {
  for (size_t at = 0; at < filled;) {
    ssize_t took = send(fd, output + at, filled - at, MSG_NOSIGNAL);
    if (took <= 0) break; /* replies are small: a client that does not read them has left */
    at += took;
  }
  filled = 0;
}

static void reply(int fd, const char *text) {
  size_t length = strlen(text);
  if (filled + length > REPLY_BYTES) flush_replies(fd);
  memcpy(output + filled, text, length);
  filled += length;
}

static void taken(struct session *session) {
  messages++;
  session->phase = COMMAND;
  reply(session->fd, "250 2.0.0 Ok\r\n");
}

static void note_recipient(const char *line, size_t length) {
  const char *at = memchr(line, '<', length), *end = line + length;
  while (at && at < end && (*at < '0' || *at > '9') && *at != '@') at++;
  long number = at && at < end ? strtol(at, NULL, 10) : -1;
  if (number < 0 || number >= MOST_READERS) strange++;
  else if (seen[number]) again++;
  else seen[number] = 1;
}

static void obey(struct session *session, char *line, size_t length) {
  int fd = session->fd;
  if (!strncasecmp(line, "RCPT", 4)) note_recipient(line, length), reply(fd, "250 2.1.5 Ok\r\n");
  else if (!strncasecmp(line, "DATA", 4)) session->phase = DATA, reply(fd, "354 go on\r\n");
  else if (!strncasecmp(line, "BDAT", 4)) {
    session->left = strtoul(line + 5, NULL, 10);
    session->is_last = memmem(line, length, "LAST", 4) != NULL;
    session->phase = CHUNK;
    if (session->left == 0 && session->is_last) taken(session);
  } else if (!strncasecmp(line, "EHLO", 4)) reply(fd, ehlo);
  else if (!strncasecmp(line, "QUIT", 4)) session->is_over = 1, reply(fd, "221 2.0.0 bye\r\n");
  else reply(fd, "250 2.0.0 Ok\r\n");
}

/* What stands in `input`, what was held back before it included. */
static void take_in(struct session *session, size_t length) {
  size_t at = 0;
  session->held = 0;
  while (at < length && !session->is_over) {
    char *from = input + at;
    size_t rest = length - at;
    if (session->phase == CHUNK) {
      size_t some = rest < session->left ? rest : session->left;
      at += some, bytes += some, session->left -= some;
      if (session->left > 0) return;
      if (session->is_last) taken(session);
      else session->phase = COMMAND, reply(session->fd, "250 2.0.0 more\r\n");
    } else if (session->phase == DATA) {
      char *end = memmem(from, rest, END, 5);
      if (end) bytes += end - from, at += end - from + 5, taken(session);
      else {
        size_t keep = rest < 4 ? rest : 4;
        bytes += rest - keep;
        memcpy(session->line, input + length - keep, keep);
        session->held = keep;
        return;
      }
    } else {
      char *end = memchr(from, '\n', rest);
      if (end) obey(session, from, end - from), at += end - from + 1;
      else {
        session->held = rest < LONGEST_LINE ? rest : LONGEST_LINE;
        memcpy(session->line, from, session->held);
        return;
      }
    }
  }
}

static void report(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  double processor_ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
  printf("{\"messages\":%ld,\"bytes\":%ld,\"sessions\":%ld,\"again\":%ld,\"strange\":%ld,\"processor_ms\":%.1f}\n",
         messages, bytes, sessions, again, strange, processor_ms);
  fflush(stdout);
  messages = bytes = sessions = again = strange = 0;
  memset(seen, 0, sizeof seen);
}

static int listen_anywhere(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(fd, (void *)&address, size) || listen(fd, 1024)) exit(1);
  getsockname(fd, (void *)&address, &size);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void greet(int listener, int poll) {
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct session *session = calloc(1, sizeof *session);
    session->fd = fd;
    sessions++;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = session};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
    reply(fd, "220 sink ESMTP\r\n");
    flush_replies(fd);
  }
}

static void serve(struct session *session) {
  memcpy(input, session->line, session->held);
  ssize_t size = recv(session->fd, input + session->held, READ_BYTES, 0);
  if (size > 0) take_in(session, session->held + size), flush_replies(session->fd);
  if (size == 0 || session->is_over) close(session->fd), free(session);
}

int main(int count, char **words) {
  int poll = epoll_create1(0), listener = listen_anywhere();
  size_t end = sprintf(ehlo, "250%csink\r\n", count > 1 ? '-' : ' ');
  for (int i = 1; i < count && end < sizeof ehlo - 100; i++)
    end += snprintf(ehlo + end, 90, "250%c%s\r\n", i == count - 1 ? ' ' : '-', words[i]);
  struct epoll_event events[256], of_listener = {.events = EPOLLIN, .data.ptr = &listener}, of_parent = {.events = EPOLLIN};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &of_listener);
  epoll_ctl(poll, EPOLL_CTL_ADD, 0, &of_parent);
  for (;;) {
    int ready = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      void *of = events[i].data.ptr;
      char asked[64];
      if (of == &listener) greet(listener, poll);
      else if (of) serve(of);
      else if (read(0, asked, sizeof asked) > 0) report();
      else return 0;
    }
  }
}
