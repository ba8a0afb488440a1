namespace BertSharp;

/// <summary>The rule by which gradients change weights.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW as in use today (Loshchilov and Hutter 2019, as PyTorch has it): moments corrected for their start at zero, ε 1e-8.</summary>
    AdamW,

    /// <summary>AdamW as Google published it with BERT: no correction of the moments, ε 1e-6.</summary>
    GoogleAdamW,

    /// <summary>LAMB (You et al. 2020) for large batches: Adam's step, as long as the tensor's norm asks; ε 1e-6.</summary>
    Lamb,
}
