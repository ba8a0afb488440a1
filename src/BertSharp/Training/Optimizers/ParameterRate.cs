namespace BertSharp;

/// <summary>What is a parameter's own in an update.</summary>
/// <param name="Factor">Its share of the learning rate.</param>
/// <param name="WeightDecay">Its weight decay.</param>
/// <param name="Decays">Whether it is one of those that decay; LAMB scales these alone by their norm.</param>
internal readonly record struct ParameterRate(double Factor, double WeightDecay, bool Decays)
{
    /// <summary>The rates of parameters by the options' rules.</summary>
    public static ParameterRate[] Of(IReadOnlyList<TrainedParameter> parameters, TrainingOptions options)
    {
        NamePatterns noDecay = new(options.NoDecay);
        int layers = parameters.Max(parameter => parameter.Info.Layer) + 1;
        return [.. parameters.Select(parameter =>
        {
            bool decays = !noDecay.Match(parameter.Info.Name);
            return new ParameterRate(LayerFactor(parameter.Info, layers, options.LayerwiseDecay), decays ? options.WeightDecay : 0, decays);
        })];
    }

    /// <summary>
    /// Layer-wise decay of the learning rate: decayᵏ, k = 0 for the pooler and the head, 1 for the last layer, one more for each
    /// layer below, most for the embeddings.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="layers">Number of layers, up to the last that is trained.</param>
    /// <param name="decay">The factor of one layer.</param>
    public static double LayerFactor(ParameterInfo parameter, int layers, double decay)
    {
        int k = parameter.Part switch
        {
            ParameterPart.Embeddings => layers + 1,
            _ when parameter.Layer >= 0 => layers - parameter.Layer,
            _ => 0,
        };
        return WholePower.Of(decay, k);
    }
}
