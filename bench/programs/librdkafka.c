/*
 * librdkafka under measurement: produce() with a delivery report for each record, in the same cases as the other clients.
 * Takes words name=value, and prints one line of JSON (bench/job.ts says what stands in it).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <librdkafka/rdkafka.h>

#define MOST_VALUES 20000
#define SAMPLED_EVERY 64
#define POLL_EVERY 512

static struct { char *bytes; size_t length; } values[MOST_VALUES];
static size_t value_count;

static rd_kafka_t *rk;
static rd_kafka_topic_t *topic;

static long records, every = 1;
static double *begun;
static float *taken;
static atomic_long delivered;

static void die(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}

static double clock_ms(clockid_t id) {
  struct timespec at;
  clock_gettime(id, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static double now_ms(void) { return clock_ms(CLOCK_MONOTONIC); }
static double cpu_ms(void) { return clock_ms(CLOCK_PROCESS_CPUTIME_ID); }

static const char *word(int argc, char **argv, const char *name) {
  size_t length = strlen(name);
  for (int i = 1; i < argc; i++)
    if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') return argv[i] + length + 1;
  fprintf(stderr, "missing: %s\n", name);
  exit(1);
}

static void read_values(const char *file) {
  FILE *in = fopen(file, "r");
  if (!in) die("no such file of payloads");
  char *line = NULL;
  size_t room = 0;
  for (ssize_t n; value_count < MOST_VALUES && (n = getline(&line, &room, in)) > 0;) {
    if (line[n - 1] == '\n') n--;
    values[value_count].bytes = memcpy(malloc(n), line, n);
    values[value_count++].length = n;
  }
  free(line);
  fclose(in);
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client;
  (void)opaque;
  if (message->err) die(rd_kafka_err2str(message->err));
  long index = (long)(intptr_t)message->_private;
  if (begun && index % every == 0) taken[index / every] = now_ms() - begun[index / every];
  atomic_fetch_add_explicit(&delivered, 1, memory_order_relaxed);
}

static void produce(long index) {
  size_t value = index % value_count;
  while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, values[value].bytes, values[value].length, NULL, 0, (void *)(intptr_t)index) == -1) {
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) die(rd_kafka_err2str(rd_kafka_last_error()));
    rd_kafka_poll(rk, 1);
  }
}

static void await(long count) {
  while (atomic_load(&delivered) < count) rd_kafka_poll(rk, 100);
}

static void due(long index) {
  if (begun && index % every == 0) begun[index / every] = now_ms();
}

static void bulk(long count) {
  for (long i = 0; i < count; i++) {
    due(i);
    produce(i);
    if (i % POLL_EVERY == 0) rd_kafka_poll(rk, 0);
  }
  await(count);
}

static void one_after_another(long count) {
  for (long i = 0; i < count; i++) {
    due(i);
    produce(i);
    await(i + 1);
  }
}

static atomic_int polling = 1;

static void *poll_reports(void *nothing) {
  while (atomic_load(&polling)) rd_kafka_poll(rk, 100);
  return nothing;
}

static void at_ticks(long count, long per_tick) {
  pthread_t poller;
  pthread_create(&poller, NULL, poll_reports, NULL);
  puts("READY");
  fflush(stdout);
  for (long i = 0; i < count;) {
    double at;
    if (read(0, &at, sizeof at) != sizeof at) die("the metronome has stopped");
    for (long n = 0; n < per_tick; n++, i++) {
      begun[i] = at;
      produce(i);
    }
  }
  while (atomic_load(&delivered) < count) usleep(500);
  atomic_store(&polling, 0);
  pthread_join(poller, NULL);
}

static int by_size(const void *a, const void *b) {
  float left = *(const float *)a, right = *(const float *)b;
  return (left > right) - (left < right);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  char why[256];
  if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) die(why);
}

static void open_client(int argc, char **argv) {
  char why[256];
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", word(argc, argv, "bootstrap"));
  if (strcmp(word(argc, argv, "linger"), "default") != 0) set(conf, "linger.ms", word(argc, argv, "linger"));
  set(conf, "compression.codec", word(argc, argv, "codec"));
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
  if (!rk) die(why);
  topic = rd_kafka_topic_new(rk, word(argc, argv, "topic"), NULL);
}

static void run(const char *kind, long per_tick) {
  if (strcmp(kind, "awaited") == 0) one_after_another(records);
  else if (strcmp(kind, "rate") == 0) at_ticks(records, per_tick);
  else bulk(records);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "version") == 0) return puts(rd_kafka_version_str()) < 0;
  read_values(word(argc, argv, "payloads"));
  const char *kind = word(argc, argv, "kind");
  records = atol(word(argc, argv, "records"));
  open_client(argc, argv);
  bulk(atol(word(argc, argv, "warmUp")));

  atomic_store(&delivered, 0);
  every = strcmp(kind, "bulk") == 0 ? SAMPLED_EVERY : 1;
  long samples = (records + every - 1) / every;
  begun = calloc(samples, sizeof *begun);
  taken = calloc(samples, sizeof *taken);
  double cpu = cpu_ms(), started = now_ms();
  run(kind, atol(word(argc, argv, "perTick")));
  double seconds = (now_ms() - started) / 1e3, cpu_seconds = (cpu_ms() - cpu) / 1e3;

  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  qsort(taken, samples, sizeof *taken, by_size);
  printf("{\"records\":%ld,\"seconds\":%f,\"cpuSeconds\":%f,\"peakBytes\":%ld,\"p50\":%f,\"p99\":%f,\"p999\":%f,\"held\":null}\n", records, seconds, cpu_seconds, usage.ru_maxrss * 1024L,
         taken[samples / 2], taken[(long)(0.99 * samples)], taken[(long)(0.999 * samples)]);
  fflush(stdout);
  // What is still open is not measured.
  _exit(0);
}
