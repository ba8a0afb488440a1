namespace BertSharp;

/// <summary>
/// What an adapter adds to a weight W while it is trained: s·B·A, held as its two factors (Hu et al. 2021, section 4.1).
/// </summary>
/// <param name="a">A [r, inputs], a table.</param>
/// <param name="b">B [outputs, r], a table.</param>
/// <param name="scale">The factor s.</param>
/// <param name="number">Its place among the model's: the masks of its dropout are its own.</param>
internal sealed class LowRank(Parameter a, Parameter b, float scale, int number)
{
    /// <summary>A [r, inputs].</summary>
    public Parameter A => a;

    /// <summary>B [outputs, r].</summary>
    public Parameter B => b;

    /// <summary>The factor s.</summary>
    public float Scale => scale;

    /// <summary>Its place among the model's.</summary>
    public int Number => number;

    /// <summary>The rank r.</summary>
    public int Rank => a.Rows;

    /// <summary>[T, r] room of a backward pass for what stands between A and B.</summary>
    public Matrix Inner { get; set; }

    /// <summary>[T, r] room for its gradient.</summary>
    public Matrix DInner { get; set; }
}
