namespace BertSharp;

/// <summary>A linear layer that an adapter changes.</summary>
/// <param name="Module">Its path in transformers, such as <c>distilbert.transformer.layer.0.attention.q_lin</c>.</param>
/// <param name="Weight">Its weight [outputs, inputs] under the canonical name.</param>
/// <param name="Rank">The rank r.</param>
/// <param name="Scale">The factor s.</param>
internal sealed record LoraTarget(string Module, ParameterInfo Weight, int Rank, float Scale)
{
    /// <summary>Number of outputs.</summary>
    public int Outputs => (int)Weight.Shape[0];

    /// <summary>Number of inputs.</summary>
    public int Inputs => (int)Weight.Shape[1];
}
