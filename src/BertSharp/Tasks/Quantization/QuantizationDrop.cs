namespace BertSharp;

/// <summary>How far the answers of a quantized model lie from those of the float32 model.</summary>
/// <param name="Drop">
/// Of vectors 1 − the first percentile of their cosines: of a hundred, ninety-nine are at least that near. Of labels the share
/// of texts whose first label is another; with a single label the largest change of its score.
/// </param>
/// <param name="Largest">The largest change of all: of vectors 1 − cosine, of labels the difference of a score.</param>
public readonly record struct QuantizationDrop(double Drop, double Largest);
