"""What steps and options are called, and what each means. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.session.gan_plan import Step

translate = QCoreApplication.translate


def step_title(step: Step) -> str:
    """A step in the list and as a heading."""
    return {
        "all": translate("GanCompression", "All in one go"),
        "teacher": translate("GanCompression", "Teacher"),
        "student": translate("GanCompression", "MobileNet-style teacher"),
        "transfer": translate("GanCompression", "Weight transfer"),
        "distil": translate("GanCompression", "Distillation"),
        "supernet": translate("GanCompression", "Once-for-all supernet"),
        "search": translate("GanCompression", "Search"),
        "finetune": translate("GanCompression", "Fine-tune"),
        "export": translate("GanCompression", "Export the subnet"),
    }[step]


def step_summary(step: Step) -> str:
    """What a step does, in a sentence or two."""
    return {
        "all": translate(
            "GanCompression",
            "Every step after the other, from the teacher, or from the pictures alone, to one "
            "small network. It goes on where it was ended.",
        ),
        "teacher": translate(
            "GanCompression",
            "The wide network that the small one learns from. Bring a trained one (pix2pix, "
            "CycleGAN, GauGAN), or train a residual one here from pairs.",
        ),
        "student": translate(
            "GanCompression",
            "The teacher again, with separable convolutions in its blocks (section 3.3): the same "
            "widths, far fewer multiplies. It then teaches the rest.",
        ),
        "transfer": translate(
            "GanCompression",
            "A narrow network from the strongest channels of a wide one, by the sum of their "
            "weights (L1). Nothing is trained; distillation begins with it.",
        ),
        "distil": translate(
            "GanCompression",
            "The narrow network learns to draw what the teacher draws: from its pictures, and from "
            "what goes through its layers.",
        ),
        "supernet": translate(
            "GanCompression",
            "One set of weights that works at many widths: every step trains other subnets of it.",
        ),
        "search": translate(
            "GanCompression",
            "Evolution finds the subnet nearest to the teacher that the budget allows. Its results "
            "are points on the frontier.",
        ),
        "finetune": translate(
            "GanCompression", "The subnet that was chosen is trained on its own for a while."
        ),
        "export": translate(
            "GanCompression",
            "The subnet that was chosen as a model file of its own. Where it has batch norms, "
            "their statistics are taken anew from the pictures.",
        ),
    }[step]


def label(name: str) -> str:
    """An option beside its field."""
    return {
        "folder": translate("GanCompression", "Folder of the work"),
        "pairing": translate("GanCompression", "Pairs"),
        "first": translate("GanCompression", "Pictures"),
        "second": translate("GanCompression", "Wanted pictures"),
        "backwards": translate("GanCompression", "Direction"),
        "instances": translate("GanCompression", "Instance maps"),
        "teacher": translate("GanCompression", "Teacher"),
        "teacher_ngf": translate("GanCompression", "Base channels"),
        "blocks": translate("GanCompression", "Residual blocks"),
        "size": translate("GanCompression", "Picture size"),
        "model": translate("GanCompression", "Wide network"),
        "supernet": translate("GanCompression", "Supernet"),
        "start": translate("GanCompression", "Begins with"),
        "ngf": translate("GanCompression", "Base channels"),
        "ratios": translate("GanCompression", "Shares of widths"),
        "sampling": translate("GanCompression", "Subnets of a step"),
        "budget": translate("GanCompression", "Budget"),
        "target": translate("GanCompression", "Measured on"),
        "population": translate("GanCompression", "Population"),
        "generations": translate("GanCompression", "Generations"),
        "parents": translate("GanCompression", "Parents"),
        "mutations": translate("GanCompression", "Of one parent"),
        "mutation": translate("GanCompression", "Mutation"),
        "pictures": translate("GanCompression", "Scored on"),
        "finalists": translate("GanCompression", "Finalists"),
        "config": translate("GanCompression", "Subnet"),
        "fast": translate("GanCompression", "Way"),
        "minutes": translate("GanCompression", "Time of a step"),
        "steps": translate("GanCompression", "Or steps"),
        "batch": translate("GanCompression", "Batch"),
        "rate": translate("GanCompression", "Learning rate"),
        "decay": translate("GanCompression", "Falling rate"),
        "recon": translate("GanCompression", "Reconstruction"),
        "distil": translate("GanCompression", "Distillation"),
        "gan": translate("GanCompression", "Adversarial"),
        "gan_mode": translate("GanCompression", "Adversarial form"),
        "ndf": translate("GanCompression", "Discriminator"),
        "crop": translate("GanCompression", "Random crop"),
        "flip": translate("GanCompression", "Mirror"),
        "held": translate("GanCompression", "Held out"),
        "seed": translate("GanCompression", "Seed"),
    }[name]


def explanation(name: str) -> str:
    """What an option means, in a sentence."""
    return {
        "folder": translate(
            "GanCompression",
            "Everything that is made is kept here. Choose it again to go on with a work.",
        ),
        "pairing": translate(
            "GanCompression",
            "How inputs and wanted pictures belong together. Without wanted pictures the teacher "
            "makes them.",
        ),
        "first": translate(
            "GanCompression", "Folder of the pairs, or of the inputs. Folders in it count too."
        ),
        "second": translate(
            "GanCompression",
            "Folder of what should come out. Pairs have the same names in both folders.",
        ),
        "backwards": translate(
            "GanCompression", "Tick it where the wanted picture is the left, or first, one (BtoA)."
        ),
        "instances": translate(
            "GanCompression", "Only for label maps with edges (GauGAN): a folder of the same names."
        ),
        "teacher": translate(
            "GanCompression", "A model file; empty trains one from the pairs in this step."
        ),
        "teacher_ngf": translate(
            "GanCompression", "Channels of the first layer (ngf); the paper's teachers have 64."
        ),
        "blocks": translate("GanCompression", "The paper's teachers have 9."),
        "size": translate(
            "GanCompression",
            "Width and height in px; the paper trains at 256 x 256. Multiples of 4.",
        ),
        "student_teacher": translate("GanCompression", "Whose widths it gets, and who teaches it."),
        "any_teacher": translate("GanCompression", "Who teaches; another file may be named."),
        "model": translate("GanCompression", "Whose strongest channels are kept."),
        "supernet": translate("GanCompression", "Whose subnets these are."),
        "start": translate(
            "GanCompression",
            "Weights at the beginning; empty takes the teacher's strongest channels.",
        ),
        "ngf": translate(
            "GanCompression", "Channels of the first layer (ngf) of the narrow network; paper: 48."
        ),
        "ratios": translate(
            "GanCompression",
            "Shares of its width that every stage may have, such as 1 0.75 0.5 (paper: 32, 24 and "
            "16 of 32 channels).",
        ),
        "sampling": translate(
            "GanCompression",
            "One drawn evenly (the paper), or the sandwich of the largest, the smallest and two "
            "between (Yu & Huang 2019): slower steps, steadier ends.",
        ),
        "budget": translate(
            "GanCompression",
            "What one picture may cost. Fewer multiplies (MACs) are not always fewer milliseconds: "
            "depthwise layers save the one and hardly the other.",
        ),
        "target": translate(
            "GanCompression",
            "Where latency is measured, at batch 1. Under a budget of MACs only finalists are.",
        ),
        "population": translate("GanCompression", "Subnets of one generation; paper: 100."),
        "generations": translate(
            "GanCompression", "Published searches ran 500; twenty find most of it."
        ),
        "parents": translate(
            "GanCompression", "Share of a generation that has children; paper: 0.25."
        ),
        "mutations": translate(
            "GanCompression", "Share of children with one parent, not two; paper: 0.5."
        ),
        "mutation": translate(
            "GanCompression", "Chance that a stage of a child changes; paper: 0.2."
        ),
        "pictures": translate(
            "GanCompression", "Pictures on which a subnet is compared with the teacher (FLIP)."
        ),
        "finalists": translate(
            "GanCompression", "How many of the nearest are measured and shown in the end."
        ),
        "config": translate(
            "GanCompression",
            "Its configuration string, one number a stage; the search fills it in.",
        ),
        "fast": translate(
            "GanCompression",
            "The fast way leaves out the MobileNet-style teacher and the distillation; its "
            "supernet begins with the teacher's own weights, as in the authors' fast pipeline.",
        ),
        "minutes": translate("GanCompression", "Length of each step that trains. Stop ends it."),
        "steps": translate("GanCompression", "0: by time. The paper counts epochs over the data."),
        "batch": translate("GanCompression", "Pictures a step; the paper trains with 1."),
        "rate": translate("GanCompression", "Of Adam; paper: 0.0002."),
        "decay": translate(
            "GanCompression", "Share of a step, at its end, in which the rate falls to 0."
        ),
        "recon": translate(
            "GanCompression",
            "Weight of nearness to the true picture of a pair, else to the teacher's; paper: 100.",
        ),
        "distil": translate(
            "GanCompression",
            "Weight of what goes through the layers differing from the teacher's (1x1 adaptors); "
            "paper: 1.",
        ),
        "gan": translate(
            "GanCompression", "Weight of passing for a real picture (discriminator); paper: 1."
        ),
        "gan_mode": translate(
            "GanCompression", "hinge as in the paper's code; CycleGAN has lsgan."
        ),
        "ndf": translate("GanCompression", "Channels of its first layer (ndf); paper: 128."),
        "crop": translate(
            "GanCompression",
            "Pictures are read this much larger, and a random part is taken; paper: 1.117 (286 of "
            "256).",
        ),
        "flip": translate(
            "GanCompression", "Untick it where left and right matter, as with writing."
        ),
        "held": translate(
            "GanCompression",
            "Pairs that are never trained on; they decide which state is kept as the best.",
        ),
        "seed": translate("GanCompression", "Of every random choice."),
    }[name]


def pairing_name(pairing: str) -> str:
    """One way of pairing."""
    return {
        "auto": translate("GanCompression", "find out"),
        "joined": translate("GanCompression", "side by side in one picture (A|B)"),
        "folders": translate("GanCompression", "two folders, same names"),
        "unpaired": translate("GanCompression", "two folders, no pairs"),
        "inputs": translate("GanCompression", "inputs alone, the teacher draws the rest"),
    }[pairing]


def stage_name(stage: str) -> str:
    """A stage that trains, as a title; one that nobody knows stands as it is."""
    known: dict[str, Step] = {
        "teacher": "teacher",
        "student": "student",
        "distil": "distil",
        "supernet": "supernet",
        "finetune": "finetune",
    }
    return step_title(known[stage]) if stage in known else stage
