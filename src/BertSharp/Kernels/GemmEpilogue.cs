namespace BertSharp;

/// <summary>
/// What follows the chains of a product while its tile is in cache, one rounding each, in this order: activation, + residual.
/// </summary>
/// <param name="Activation">Element-wise function.</param>
/// <param name="Residual">A matrix of the output's shape to add; none where its data is null.</param>
internal readonly record struct GemmEpilogue(Activation Activation = Activation.None, Matrix Residual = default)
{
    /// <summary>Nothing follows.</summary>
    public static GemmEpilogue None => default;

    /// <summary>True where a tile needs a second pass.</summary>
    public bool IsActive => Activation != Activation.None || Residual.Data != 0;
}
