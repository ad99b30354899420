"""The texts that the techniques here show, so that translations can be made of them.

They are declared in ``plugins``, which knows no Qt; a test compares the two. Texts of other
packages are shown as they are.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

NAMES = {
    "l1": "L1",
    "l2": "L2",
    "taylor": "Taylor",
    "svd": "SVD",
    "tucker2": "Tucker-2",
    "cp": "CP",
    "anycost": "Anycost",
    "f32": "f32",
    "bf16": "bf16",
    "weights-int8": "weights in int8",
    "weights-int4": "weights in int4",
    "fp8": "weights in fp8",
}
"""What is a name or an abbreviation, as it is written; steps on disk hold the small letters."""

TEXTS = (
    QT_TRANSLATE_NOOP("Techniques", "Subnet"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Run a part of the channels and stop at a lower resolution, on the same weights.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Width"),
    QT_TRANSLATE_NOOP("Techniques", "Share of the channels of every layer."),
    QT_TRANSLATE_NOOP("Techniques", "Width rule"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Literal takes that share of every layer; anycost is that project's own rule, under "
        "which low resolutions often stay full.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "literal"),
    QT_TRANSLATE_NOOP("Techniques", "Anycost"),
    QT_TRANSLATE_NOOP("Techniques", "Free widths"),
    QT_TRANSLATE_NOOP(
        "Techniques", "In place of the width: ratios or channel counts, one per layer or per stage."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Resolution"),
    QT_TRANSLATE_NOOP("Techniques", "Where to stop; empty for the full resolution."),
    QT_TRANSLATE_NOOP("Techniques", "Sort channels"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Order channels by importance first, where the model's are not, so that narrow widths"
        " keep the ones that matter.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Prune channels"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Remove the channels that matter least; the network is smaller in every runtime.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Importance"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "What makes a channel worth keeping. l1, l2: the weights that read it, at its usual "
        "style; activation: those weights times what they read; taylor: how much the picture "
        "would change without it, to first order.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "L1"),
    QT_TRANSLATE_NOOP("Techniques", "L2"),
    QT_TRANSLATE_NOOP("Techniques", "Taylor"),
    QT_TRANSLATE_NOOP("Techniques", "activation"),
    QT_TRANSLATE_NOOP("Techniques", "Ratio"),
    QT_TRANSLATE_NOOP("Techniques", "Share of the channels to remove."),
    QT_TRANSLATE_NOOP("Techniques", "Spread"),
    QT_TRANSLATE_NOOP("Techniques", "even"),
    QT_TRANSLATE_NOOP("Techniques", "global"),
    QT_TRANSLATE_NOOP("Techniques", "Free ratios"),
    QT_TRANSLATE_NOOP("Techniques", "Fewest channels"),
    QT_TRANSLATE_NOOP("Techniques", "No layer is left with fewer, unless it has fewer already."),
    QT_TRANSLATE_NOOP("Techniques", "channels"),
    QT_TRANSLATE_NOOP("Techniques", "Keep the first resolution"),
    QT_TRANSLATE_NOOP("Techniques", "Keep the last resolution"),
    QT_TRANSLATE_NOOP("Techniques", "Samples"),
    QT_TRANSLATE_NOOP("Techniques", "Low rank"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Replace layers by chains of smaller ones: SVD, Tucker-2 or CP, without training.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Method"),
    QT_TRANSLATE_NOOP("Techniques", "SVD"),
    QT_TRANSLATE_NOOP("Techniques", "Tucker-2"),
    QT_TRANSLATE_NOOP("Techniques", "CP"),
    QT_TRANSLATE_NOOP("Techniques", "Rank by"),
    QT_TRANSLATE_NOOP("Techniques", "budget"),
    QT_TRANSLATE_NOOP("Techniques", "energy"),
    QT_TRANSLATE_NOOP("Techniques", "Budget"),
    QT_TRANSLATE_NOOP("Techniques", "Share of each layer's weights that its chain may have."),
    QT_TRANSLATE_NOOP("Techniques", "Energy"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Share of the sum of squared weights that a chain must keep; 1 keeps all but rounding"
        " errors.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Mapping network too"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Split the fully connected layers of the mapping network as well. They decide what a "
        "seed shows, so an error there is another picture.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Smallest layer"),
    QT_TRANSLATE_NOOP(
        "Techniques", "Layers with fewer weights are left alone: there is little to gain in them."
    ),
    QT_TRANSLATE_NOOP("Techniques", "weights"),
    QT_TRANSLATE_NOOP("Techniques", "Exact SVD"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Compute whole singular value decompositions instead of randomised ones, which is "
        "slower and finds nearly the same.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Sweeps"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Most rounds of the alternating refinement of Tucker-2 and CP; it ends sooner when "
        "nothing improves.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Int8"),
    QT_TRANSLATE_NOOP(
        "Techniques", "Runs convolutions on 8-bit numbers, which processors multiply fastest."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Ranges"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How the range of an activation is found: all values, a share of them, or the range "
        "that keeps most information, which OpenVINO's quantiser does not have.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "min-max"),
    QT_TRANSLATE_NOOP("Techniques", "percentile"),
    QT_TRANSLATE_NOOP("Techniques", "entropy"),
    QT_TRANSLATE_NOOP("Techniques", "Percentile"),
    QT_TRANSLATE_NOOP(
        "Techniques", "Share of the values inside the range, where ranges are by percentile."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Activation ranges"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Asymmetric ranges are finer, but OpenVINO then leaves transposed convolutions in float; "
        "auto takes them for pipelines alone, which have none.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "symmetric"),
    QT_TRANSLATE_NOOP("Techniques", "asymmetric"),
    QT_TRANSLATE_NOOP("Techniques", "Calibration inputs"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How many latents ranges are found over; a folder of them gives at most that many.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Smooth channels"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Move the spread between input channels from activations into weights; the picture "
        "stays the same.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Smoothing strength"),
    QT_TRANSLATE_NOOP(
        "Techniques", "1 makes activations even, 0 makes weights even, 0.5 shares it alike."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Bias correction"),
    QT_TRANSLATE_NOOP(
        "Techniques", "Take the mean error of rounded weights off each layer's output."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Denoiser"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "int8 is for speed. weights-int8, weights-int4 and fp8 store weights in fewer bits and "
        "compute in float: for memory, not speed; fp8 is for PyTorch alone.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Text encoders"),
    QT_TRANSLATE_NOOP("Techniques", "Likewise for what reads the prompt; none leaves it as it is."),
    QT_TRANSLATE_NOOP("Techniques", "VAE decoder"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Likewise for what turns latents into the picture; none leaves it as it is.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "none"),
    QT_TRANSLATE_NOOP("Techniques", "int8"),
    QT_TRANSLATE_NOOP("Techniques", "weights in int8"),
    QT_TRANSLATE_NOOP("Techniques", "weights in int4"),
    QT_TRANSLATE_NOOP("Techniques", "weights in fp8"),
    QT_TRANSLATE_NOOP("Techniques", "Error budget"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Largest relative error of a component's output that auto works towards; the worst "
        "layers stay in float until it holds.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Attention up to"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "The products inside of an attention run in int8 where the error of its own output "
        "stays within this; 0 leaves them in float. OpenVINO alone does it.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Attention"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Smoothing strength of an attention's linear layers; empty for the common one.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Feed-forward"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Smoothing strength of feed-forward layers; empty for the common one.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Convolutions"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Smoothing strength of a pipeline's convolutions, 0 for none; empty for the common one.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Left in float"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Layers that stay in float, such as layer9.convolved; auto leaves the worst ones "
        "until the wanted quality is predicted.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Wanted quality"),
    QT_TRANSLATE_NOOP("Techniques", "PSNR to the float picture that auto works towards."),
    QT_TRANSLATE_NOOP("Techniques", "Last layers in float"),
    QT_TRANSLATE_NOOP("Techniques", "How many of the last convolutions stay in float in any case."),
    QT_TRANSLATE_NOOP("Techniques", "ToRGB in int8 too"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "The layers that write the picture hold few multiplies and cost the most quality.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Batches"),
    QT_TRANSLATE_NOOP("Techniques", "Configuration string"),
    QT_TRANSLATE_NOOP(
        "Techniques", "How many batches of four inputs the statistics are taken over."
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "In place of ratio and spread: a share to remove for every entry of the channel "
        "list, or one for every resolution; of models that turn pictures into pictures "
        "one for every group of layers that share channels.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "In place of the width: GAN Compression's name of a subnet, such as "
        "16_16_32_16_32_32_16_16, for models that turn pictures into pictures.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques", "Leave the channels at 4 px, or of the first convolution, alone."
    ),
    QT_TRANSLATE_NOOP(
        "Techniques", "Leave the channels at the full resolution, or of the last layers, alone."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Recalibrate norms"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Take the statistics of batch norms anew for the subnet, over your folder or test"
        " pictures; networks without batch norms need none.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "The pictures over which importance is averaged: the model's own, or those of your folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "What a 3x3 convolution becomes. svd: 1x1 then 3x3; tucker2: 1x1, 3x3, 1x1; cp: "
        "1x1, 3x3 within each channel, 1x1. Fully connected layers and 1x1 convolutions "
        "are always split by SVD.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Elastic denoiser"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Run a part of the channels, heads, units and blocks of a denoiser, on its weights.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Share of what lies inside every block: groups of channels, attention heads and feed-"
        "forward units.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Depth"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Share of the blocks that run, of those that can be left out; those go first that "
        "cost least.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Width by timestep"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Spread the multiplies of that width over the steps of a run, so that steps that "
        "suffer more from narrow widths get more: 0 is the same width at every step, 1 goes all "
        "the way by what was measured.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Channels"),
    QT_TRANSLATE_NOOP(
        "Techniques", "In place of the width, for groups of channels between two convolutions."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Heads"),
    QT_TRANSLATE_NOOP("Techniques", "In place of the width, for attention heads."),
    QT_TRANSLATE_NOOP("Techniques", "Units"),
    QT_TRANSLATE_NOOP("Techniques", "In place of the width, for feed-forward units."),
    QT_TRANSLATE_NOOP("Techniques", "Order by importance"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Order what lies inside blocks, and the blocks themselves, by what they do along real"
        " runs first, where that was not done yet.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Runs"),
    QT_TRANSLATE_NOOP("Techniques", "How many runs importance is measured along."),
    QT_TRANSLATE_NOOP("Techniques", "Steps of a run"),
    QT_TRANSLATE_NOOP("Techniques", "How many steps of each run are looked at, spread over it."),
    QT_TRANSLATE_NOOP("Techniques", "Fewer steps"),
    QT_TRANSLATE_NOOP(
        "Techniques", "Draw in fewer steps, with another guidance or by another sampler."
    ),
    QT_TRANSLATE_NOOP("Techniques", "Steps of the sampler; empty leaves them to what is drawn."),
    QT_TRANSLATE_NOOP("Techniques", "Guidance"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How strongly the prompt counts; 1 is not at all and twice as fast. Empty leaves it to"
        " what is drawn.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Scheduler"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "The usual name of the sampler, such as euler; empty leaves it to what is drawn.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Feature reuse"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Compute the deep part of a denoiser on some steps only, and use its features again.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Interval"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How many steps apart everything is computed; the steps between use its deep features"
        " again. 1 uses nothing again.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Branch"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How much the steps between compute, 0 for the least: layers of the way down of a "
        "U-Net, or blocks of a transformer besides the first.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Threshold"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "For FLUX, in place of the interval: how much the first block may change for the "
        "others to be used again, decided at every step; 0 for none.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Guidance from"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Where in a run guidance begins, as a share of its steps; before, a step computes the"
        " prompt alone.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Guidance until"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Where in a run guidance ends, as a share of its steps; behind, a step computes the "
        "prompt alone, in half the time.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Distil"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Train the smaller network to draw what full draws, with full as its teacher.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "full has nothing to win back"),
    QT_TRANSLATE_NOOP("Techniques", "Minutes"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How long it learns. More brings it nearer to full, less and less so.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "min"),
    QT_TRANSLATE_NOOP("Techniques", "Steps"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "In place of the minutes: how many steps it learns, which can be repeated; 0 leaves "
        "the network as it is.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "steps"),
    QT_TRANSLATE_NOOP("Techniques", "Learning rate"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How far a step goes at most. It rises over the first 20 steps and falls to 0 at the end.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Batch"),
    QT_TRANSLATE_NOOP("Techniques", "Pictures of a step; of a pipeline, steps of full's runs."),
    QT_TRANSLATE_NOOP("Techniques", "pictures"),
    QT_TRANSLATE_NOOP("Techniques", "Output loss"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Weight of the difference from what full draws, in pixels and edges; of a pipeline, from "
        "what its denoiser answers; 0 leaves it out.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Feature loss"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Weight of the difference between layers, through a learnt 1x1 convolution where "
        "widths differ; 0 leaves it out.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Adversarial loss"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Weight of a discriminator that tells full's pictures from the others: sharper "
        "textures, in longer runs; 0 leaves it out.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Prompts"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "What full draws while it teaches: a prompt, of which the parts between commas are "
        "changed, or the path of a text file with one in each line; empty takes prompts that suit "
        "the model.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Narrowest width"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Below 1, all widths from there to full learn at once, so that the slices of an elastic "
        "denoiser get better; 1 teaches the network as it is.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Min-SNR gamma"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "From which ratio of signal to noise on a timestep counts less, since an error changes "
        "little in a picture that is nearly done.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Cache"),
    QT_TRANSLATE_NOOP("Techniques", "Memory that runs of full may fill, of which it learns."),
    QT_TRANSLATE_NOOP("Techniques", "MB"),
    QT_TRANSLATE_NOOP("Techniques", "Precision"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "What training computes in. Auto measures whether bf16 is faster here, and takes f32 where "
        "steps are given, so that they can be repeated.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "auto"),
    QT_TRANSLATE_NOOP("Techniques", "f32"),
    QT_TRANSLATE_NOOP("Techniques", "bf16"),
    QT_TRANSLATE_NOOP("Techniques", "Average the weights"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Take a moving average of the weights, which is calmer than the last step.",
    ),
    QT_TRANSLATE_NOOP("Techniques", "Seed"),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Of the pictures that it learns from; another seed gives another run.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Budget: the largest ranks that keep a share of a layer's weights; energy: the "
        "smallest ranks that keep a share of the squares of its weights. Auto is budget.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "multiplies",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Multiplies left",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Share of the whole denoiser's multiplies that may be left, where ranks are by multiplies.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Attention",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Projections of attention become chains.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Feed-forward",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Feed-forward layers become chains.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Convolutions",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Convolutions inside of blocks become chains.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Time and modulation",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Layers that tell blocks the time become chains: they hold weights and hardly any "
        "multiplies, and every step carries their error on.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "By activations",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Keep what layers give along short runs of the pipeline, not their weights. CP goes"
        " by weights in any case.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "How many steps of short runs, four of each, layers are looked at over.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "What a 3x3 convolution becomes. svd: 3x3 then 1x1; tucker2: 1x1, 3x3, 1x1; cp: "
        "1x1, 3x3 within each channel, 1x1. Linear layers and 1x1 convolutions are always "
        "split by SVD.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Multiplies: ranks go first where they matter least for what they cost; budget: the"
        " largest ranks that keep a share of a layer's weights; energy: the smallest ranks "
        "that keep a share of the squares of what a layer gives. Auto is multiplies, with "
        "CP budget.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Share of the squares of what a layer gives, or of its weights, that a chain must "
        "keep; 1 keeps all but rounding errors.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Ratio of",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "What of a whole denoiser the ratio is a share of.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Even: every layer loses the same share; global: the least important channels of "
        "the whole network go, wherever they are. Auto is even.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Groups of channels between two convolutions may go.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Attention heads may go.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Units of feed-forward layers may go.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "What makes a group of channels, a head or a unit worth keeping. l1, l2: the "
        "weights that read it; activation: what it adds to its block along short runs; "
        "taylor: how much the denoiser's answers would change without it.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Share to remove of the whole denoiser's multiplies, or weights.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Even: every place loses the same share; global: what matters least for what it "
        "costs goes, wherever it is. Auto is global.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "In place of ratio and spread: a share to remove for each of channels, heads and "
        "units, as far as there are any, or one for every place.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Keep the first block",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Leave the denoiser's first block alone.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Keep the last block",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Leave the denoiser's last block alone.",
    ),
    QT_TRANSLATE_NOOP(
        "Techniques",
        "Steps over which importance is averaged, four of each short run; its prompts are "
        "those of your folder's text files, or different ones of Maquette's.",
    ),
)


def value_name(value: object) -> str:
    """A value that can be chosen, as the window writes it."""
    text = str(value)
    return QCoreApplication.translate("Techniques", NAMES.get(text, text))
