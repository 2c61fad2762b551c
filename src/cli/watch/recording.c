/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"

static bool
write_file(const void *bytes, size_t len, void *user)
{
	const struct recording *recording = user;

	return fwrite(bytes, 1, len, recording->file) == len;
}

bool
recording_open(struct recording *recording)
{
	const char *path = getenv("PORCHLIGHT_RECORD");

	memset(recording, 0, sizeof(*recording));
	if (!path || !path[0])
		return true;
	recording->file = fopen(path, "wbe");
	if (!recording->file) {
		say("%s: %s", path, strerror(errno));
		return false;
	}
	recording->out = (struct pcapng_out){.write = write_file, .user = recording};
	pcapng_section(&recording->out, NULL, 0);
	return true;
}

void
recording_see(struct recording *recording, const struct frame *frame)
{
	uint32_t *known = &recording->known[frame->interface % RECORDING_INTERFACES];

	if (!recording->file)
		return;
	if (*known == 0) {
		pcapng_interface(&recording->out, frame->link_type);
		*known = ++recording->interfaces;
	}
	pcapng_packet(&recording->out, *known - 1, frame, frame->bytes);
	if (recording->out.failed && !recording->failed)
		say("the frames can no longer be recorded: %s", strerror(errno));
	recording->failed = recording->out.failed;
}

void
recording_close(struct recording *recording)
{
	if (recording->file && fclose(recording->file) != 0 && !recording->failed)
		say("the frames could not be recorded: %s", strerror(errno));
	recording->file = NULL;
}
