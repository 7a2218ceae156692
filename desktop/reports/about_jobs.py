"""Texts about jobs, projects, takes, requests and exports."""

from desktop.reports.texts import say

TEXTS = (
    say(
        "job.newer",
        "This job comes from a newer version",
        "It has format {found}; this program reads up to {newest}. Nothing was changed.",
        "Update the program, or open the chunks as a read-only video.",
    ),
    say(
        "job.damaged",
        "Finished chunks are damaged",
        "Chunks {chunks:chunks}: their checksums differ.",
        "Render these again.",
    ),
    say(
        "job.damaged",
        "A finished chunk is damaged",
        "Chunk {chunk:chunk}: its files are not what they were when it was stored.",
        "Render it again.",
    ),
    say(
        "job.damaged",
        "A file of this job is damaged",
        "{name} can't be used.",
        "Restore the file from a copy, or start the job in another folder.",
    ),
    say(
        "job.damaged",
        "A finished chunk is damaged",
        "Its files are not what they were when it was stored.",
        "Render it again.",
    ),
    say(
        "job.missing",
        "This is not a job folder",
        "{path} holds no job.",
        "Choose the folder of a job; its name usually ends in .job.",
    ),
    say(
        "job.unreadable",
        "This job can't be read",
        "{path}",
        "Check the rights of the folder, and whether its drive is connected.",
    ),
    say(
        "job.exists",
        "There is something else in this place",
        "{path}",
        "Choose another job folder, or go on with this one.",
    ),
    say(
        "job.other_request",
        "This folder holds another job",
        "{name} was begun with other settings.",
        "Choose another job folder, or render with the job's own settings.",
    ),
    say(
        "job.other_model",
        "The job was made with another model",
        "The model that is chosen now is not the one that it began with.",
        "Choose that model, or start a new job.",
    ),
    say(
        "job.no_model",
        "The job does not say which model it uses",
        "Its note of the model is gone.",
        "Choose the model in the project.",
    ),
    say(
        "job.running",
        "This job runs already",
        "It is being rendered or waits for its turn.",
        "Edit it while it runs, or stop it first.",
    ),
    say(
        "project.locked",
        "Open in another window",
        "{name}: since {since:clock}, process {pid}.",
        "Show that window, or open it read-only here.",
    ),
    say(
        "project.locked",
        "Open in another window",
        "Another program has it open.",
        "Show that window, or open it read-only here.",
    ),
    say(
        "project.missing",
        "There is no such project",
        "{path} does not exist.",
        "Look for it in another folder; it may have been moved or renamed.",
    ),
    say(
        "take.missing",
        "There is no such take",
        "Chunk {chunk:chunk} has no take of that name.",
        "Choose one of its takes.",
    ),
    say(
        "take.locked",
        "This take is locked",
        "Chunk {follower:chunk} is kept and was built on it.",
        "Redo chunk {follower:chunk}, or leave the take where it is.",
    ),
    say(
        "take.locked",
        "This take is locked",
        "The chunk after chunk {chunk:chunk} is kept and was built on it.",
        "Redo that chunk, or leave the take where it is.",
    ),
    say(
        "request.invalid",
        "A setting can't be used",
        "{why}",
        "Change that value.",
    ),
    say(
        "request.invalid",
        "A setting can't be used",
        "One of the values is out of its range.",
        "Change that value.",
    ),
    say(
        "request.incomplete",
        "Something is missing",
        "Source or speech is not given.",
        "Add a source and a speech track.",
    ),
    say(
        "request.speakers",
        "Too many speakers",
        "The model knows one or two speakers.",
        "Give one or two, or make several videos.",
    ),
    say(
        "request.motion_frames",
        "A chunk would not move forward",
        "Each chunk has {chunk_frames:count} frames and repeats {motion_frames:count} of the one "
        "before.",
        "Choose fewer motion frames or longer chunks.",
    ),
    say(
        "export.incomplete",
        "There is nothing to export yet",
        "The job was never rendered.",
        "Render it first.",
        only={"total": 0},
    ),
    say(
        "export.incomplete",
        "Some chunks are missing",
        "{ready:count} of {total:count} chunks are ready.",
        "Render the rest first, or export what is there.",
    ),
    say(
        "export.incomplete",
        "Some chunks are missing",
        "Not all chunks are ready.",
        "Render the rest first, or export what is there.",
    ),
    say(
        "export.range",
        "There is no such part of the video",
        "It begins after the end of the video.",
        "Choose another range.",
    ),
    say(
        "export.failed",
        "The video could not be written",
        "{name}: {reason}.",
        "Choose another folder or another format.",
    ),
    say(
        "export.failed",
        "The video could not be written",
        "{name}: the encoder ended with an error.",
        "Choose another folder or another format.",
    ),
    say(
        "export.failed",
        "The video could not be written",
        "The encoder ended with an error.",
        "Choose another folder or another format.",
    ),
    say(
        "export.exists",
        "This file exists already",
        "{name} is already in {place} and is not overwritten.",
        "Choose another name.",
    ),
)
