namespace BertSharp;

/// <summary>
/// A parameter that training changes, with its gradient of the same layout: an optimizer goes over both value by value.
/// Both are views; whoever trains keeps the memory.
/// </summary>
/// <param name="Info">Name, shape, part and layer.</param>
/// <param name="Value">First float32 value.</param>
/// <param name="Gradient">First float32 value of the step's gradient.</param>
/// <param name="Length">
/// Values of the layout. Where panels are filled up, there are more than the shape says; these are zero and have a zero
/// gradient, so that every optimizer leaves them zero.
/// </param>
internal sealed unsafe record TrainedParameter(ParameterInfo Info, nint Value, nint Gradient, long Length)
{
    /// <summary>The values as one span; layouts of over 2³¹ values are refused.</summary>
    public Span<float> Values => new((float*)Value, checked((int)Length));

    /// <summary>The gradient as one span.</summary>
    public Span<float> Gradients => new((float*)Gradient, checked((int)Length));
}
