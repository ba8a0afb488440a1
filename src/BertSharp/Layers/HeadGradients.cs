namespace BertSharp;

/// <summary>The matrices of a backward pass of a head over R rows.</summary>
/// <param name="Input">[R, H] receives the gradient of what went in.</param>
/// <param name="Inner">[R, H] room for that of the dense layer's output.</param>
/// <param name="Logits">[R, outputs] the gradient that comes in.</param>
/// <param name="Transposed">Room for the transpose of the largest packed weight.</param>
internal readonly record struct HeadGradients(Matrix Input, Matrix Inner, Matrix Logits, nint Transposed);
