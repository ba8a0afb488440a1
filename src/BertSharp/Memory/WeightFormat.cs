namespace BertSharp;

/// <summary>How a model holds the weights of the linear layers of its encoder (attention and feed-forward). All else stays float32.</summary>
public enum WeightFormat
{
    /// <summary>4 bytes a weight, exactly those of the file.</summary>
    Float32,

    /// <summary>2 bytes a weight: bfloat16, to the nearest, ties to even. Arithmetic in float32.</summary>
    BFloat16,

    /// <summary>
    /// 1 byte a weight: whole numbers −127 … 127 with one scale for each output, max |w| / 127; to the nearest, ties to even.
    /// Arithmetic in float32.
    /// </summary>
    Int8,

    /// <summary>
    /// The weights of <see cref="Int8"/>; the inputs of each layer are rounded to int8 at run time in the same way, with one
    /// scale for each token, and the products are of whole numbers.
    /// </summary>
    Int8Dynamic,
}
