namespace BertSharp;

/// <summary>The matrices of a pass of a head over R rows.</summary>
/// <param name="Input">[R, H] hidden states or pooled outputs; dropout works in place.</param>
/// <param name="Kept">[R, H] the dense layer before its activation; no data in inference.</param>
/// <param name="Inner">[R, H] behind the activation.</param>
/// <param name="Normed">[R, H] behind LayerNorm, or dropout; <paramref name="Inner"/> itself in inference, and where there is neither.</param>
/// <param name="Logits">[R, outputs].</param>
/// <param name="Statistics">What LayerNorm keeps; nothing in inference.</param>
/// <param name="Dropout">What is dropped; null in inference, and where nothing is.</param>
internal readonly record struct HeadActivations(
    Matrix Input, Matrix Kept, Matrix Inner, Matrix Normed, Matrix Logits, RowStatistics Statistics = default, Dropout? Dropout = null);
