/* A camera that plays a file: preloaded (LD_PRELOAD) into a program that reads Video4Linux2.
 *
 * SEALIGHT_CAMERA names a folder. While there is a file `video0` in it, the program finds one camera;
 * each picture is what the file holds then: four letters (YUYV or MJPG), width and height as four
 * bytes each, lowest first, and the picture. Without the file the camera is unplugged. With
 * SEALIGHT_CAMERA_LOG, a file, each picture that is another one is noted in it as it is handed out:
 * milliseconds since 1970.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BUFFERS 4
#define RATE 15
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static struct { uint32_t format, width, height; } now;
static int camera = -1, queued[BUFFERS], waiting, playing;
static unsigned char *memory;
static size_t each;

static const char *file(void) {
    static char path[4096];
    const char *folder = getenv("SEALIGHT_CAMERA");
    if (!folder) return NULL;
    snprintf(path, sizeof path, "%s/video0", folder);
    return path;
}

/* Opens the file and reads its head; -1 where there is none. */
static int head(void) {
    const char *path = file();
    int fd = path ? NEXT(open)(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0 && read(fd, &now, sizeof now) != (ssize_t)sizeof now) { close(fd); return -1; }
    return fd;
}

static int opened(const char *path, int *fd) {
    if (!path || !getenv("SEALIGHT_CAMERA")) return 0;
    if (!strcmp(path, "/sys/class/video4linux/video0/name")) {
        *fd = memfd_create("name", MFD_CLOEXEC);
        if (write(*fd, "Sealight test camera\n", 21) != 21 || lseek(*fd, 0, SEEK_SET)) return 0;
        return 1;
    }
    if (strcmp(path, "/dev/video0")) return 0;
    int there = head();
    if (there < 0) { errno = ENOENT; *fd = -1; return 1; }
    close(there);
    each = (size_t)now.width * now.height * 2;
    camera = *fd = memfd_create("camera", MFD_CLOEXEC);
    if (ftruncate(camera, BUFFERS * each)) return 0;
    memory = mmap(NULL, BUFFERS * each, PROT_READ | PROT_WRITE, MAP_SHARED, camera, 0);
    waiting = playing = 0;
    return 1;
}

#define OPEN(name)                                                                   \
    int name(const char *path, int flags, ...) {                                     \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        int fd;                                                                      \
        return opened(path, &fd) ? fd : NEXT(name)(path, flags, mode);               \
    }
OPEN(open)
OPEN(open64)

DIR *opendir(const char *path) {
    const char *folder = getenv("SEALIGHT_CAMERA");
    return NEXT(opendir)(folder && !strcmp(path, "/dev") ? folder : path);
}

int close(int fd) {
    if (fd == camera && fd >= 0) { camera = -1; if (memory) munmap(memory, BUFFERS * each); memory = NULL; }
    return NEXT(close)(fd);
}

static int fail(int error) { errno = error; return -1; }

/* Notes when another picture than before is handed out. */
static void note(int picture) {
    static ino_t before;
    const char *path = getenv("SEALIGHT_CAMERA_LOG");
    struct stat is;
    if (!path || fstat(picture, &is) || is.st_ino == before) return;
    before = is.st_ino;
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    FILE *log = fopen(path, "ae");
    if (!log) return;
    fprintf(log, "%lld\n", (long long)at.tv_sec * 1000 + at.tv_nsec / 1000000);
    fclose(log);
}

static int dequeue(struct v4l2_buffer *buffer) {
    uint32_t format = now.format;
    usleep(1000000 / RATE);
    int fd = head();
    if (fd < 0 || now.format != format) { if (fd >= 0) close(fd); return fail(ENODEV); }
    if (!waiting) { close(fd); return fail(EAGAIN); }
    int index = queued[0];
    memmove(queued, queued + 1, sizeof queued - sizeof *queued);
    waiting -= 1;
    ssize_t bytes = read(fd, memory + index * each, each);
    note(fd);
    close(fd);
    buffer->index = index;
    buffer->bytesused = bytes > 0 ? bytes : 0;
    return 0;
}

static int answer(unsigned long request, void *argument) {
    struct v4l2_format *format = argument;
    struct v4l2_buffer *buffer = argument;
    struct v4l2_streamparm *rate = argument;
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *is = argument;
        memset(is, 0, sizeof *is);
        strcpy((char *)is->driver, "file");
        strcpy((char *)is->card, "Sealight test camera");
        is->capabilities = is->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *is = argument;
        if (is->index) return fail(EINVAL);
        is->pixelformat = now.format;
        strcpy((char *)is->description, "file");
        return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES: {
        struct v4l2_frmsizeenum *is = argument;
        if (is->index) return fail(EINVAL);
        is->type = V4L2_FRMSIZE_TYPE_DISCRETE;
        is->discrete.width = now.width;
        is->discrete.height = now.height;
        return 0;
    }
    case VIDIOC_ENUM_FRAMEINTERVALS: {
        struct v4l2_frmivalenum *is = argument;
        if (is->index) return fail(EINVAL);
        is->type = V4L2_FRMIVAL_TYPE_DISCRETE;
        is->discrete.numerator = 1;
        is->discrete.denominator = RATE;
        return 0;
    }
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT:
        format->fmt.pix.pixelformat = now.format;
        format->fmt.pix.width = now.width;
        format->fmt.pix.height = now.height;
        format->fmt.pix.sizeimage = each;
        return 0;
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM:
        rate->parm.capture.timeperframe.numerator = 1;
        rate->parm.capture.timeperframe.denominator = RATE;
        return 0;
    case VIDIOC_REQBUFS: {
        struct v4l2_requestbuffers *is = argument;
        is->count = is->count ? BUFFERS : 0;
        waiting = 0;
        return 0;
    }
    case VIDIOC_QUERYBUF:
        buffer->length = each;
        buffer->m.offset = buffer->index * each;
        return 0;
    case VIDIOC_QBUF:
        if (waiting == BUFFERS) return fail(EINVAL);
        queued[waiting++] = buffer->index;
        return 0;
    case VIDIOC_DQBUF: return playing ? dequeue(buffer) : fail(EINVAL);
    case VIDIOC_STREAMON: playing = 1; return 0;
    case VIDIOC_STREAMOFF: playing = waiting = 0; return 0;
    default: return fail(EINVAL);
    }
}

int ioctl(int fd, unsigned long request, ...) {
    va_list more; va_start(more, request); void *argument = va_arg(more, void *); va_end(more);
    return fd >= 0 && fd == camera ? answer(request, argument) : NEXT(ioctl)(fd, request, argument);
}

/* The crate v4l asks by number. */
long syscall(long number, ...) {
    static long (*next)(long, ...);
    long a[6];
    va_list more; va_start(more, number);
    for (int i = 0; i < 6; i++) a[i] = va_arg(more, long);
    va_end(more);
    if (number == SYS_ioctl && a[0] >= 0 && a[0] == camera) return answer(a[1], (void *)a[2]);
    if (!next) next = dlsym(RTLD_NEXT, "syscall");
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
