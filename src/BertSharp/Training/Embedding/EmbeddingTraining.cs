namespace BertSharp;

/// <summary>Trains a sentence-transformers model, or makes one of any BERT.</summary>
public static class EmbeddingTraining
{
    /// <summary>
    /// Trains a model; a run that was stopped in the same folder goes on. The best model, or without validation the last, is saved in
    /// the layout of sentence-transformers; with <see cref="EmbeddingTrainingOptions.Lora"/> merged, and the adapter for PEFT in
    /// <c>adapter</c> below.
    /// </summary>
    /// <param name="model">A folder in the layout of sentence-transformers or transformers, or a name of the local Hugging Face cache.</param>
    /// <param name="options">What it learns.</param>
    /// <param name="training">How it is trained, and where the run is kept.</param>
    /// <param name="progress">Is told after each step, on this thread.</param>
    /// <param name="cancellation">Saves and stops; a later call goes on.</param>
    /// <exception cref="DataFileException">An example cannot be used; names file and line.</exception>
    /// <exception cref="ArgumentException">Model, data and options do not fit.</exception>
    /// <exception cref="CheckpointException">A file of a model is damaged, or the folder holds a run with other options.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or the gradient is no number; names the step.</exception>
    public static TrainingResult Run(string model, EmbeddingTrainingOptions options, TrainingOptions training, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        training.Check();
        if (options.Lora is not null && options.StudentLayers.Count > 0)
        {
            throw new ArgumentException("A student is trained whole: an adapter would belong to a model that is stored nowhere. Leave out Lora or StudentLayers.", nameof(options));
        }

        IReadOnlyList<ScoredPair> heldOut = options.Validation is { } validation ? ScoredPair.Read(validation, options.Format) : [];
        using SentenceEmbedder embedder = options.StudentLayers.Count > 0
            ? StudentModel.Create(model, options.StudentLayers, options.StudentEmbedding)
            : DenseStart.Load(model, options.Dense, training.Seed);
        using EmbeddingData data = Open(model, options, training);
        LoraConfig? lora = options.Lora is null ? null : options.Lora with { BaseModel = options.Lora.BaseModel ?? model };
        using EmbeddingJob job = new(embedder, data, heldOut, options with { Lora = lora }, training);
        using Trainer trainer = new(job, training);
        return trainer.Fit(progress, cancellation);
    }

    private static EmbeddingData Open(string model, EmbeddingTrainingOptions options, TrainingOptions training) => options.Objective switch
    {
        EmbeddingObjective.Distillation => new TeacherTexts(training.Folder, options, ModelFolder.Resolve(options.Teacher ?? model), training.Seed),
        EmbeddingObjective.MultipleNegativesRanking or EmbeddingObjective.Triplet =>
            LabelledTexts.Of([.. options.Data.SelectMany(file => TextTriplet.Read(file, options.Format))], options.BatchSize, training.Seed, distinct: options.Objective == EmbeddingObjective.MultipleNegativesRanking),
        _ => LabelledTexts.Of([.. options.Data.SelectMany(file => ScoredPair.Read(file, options.Format))], options.BatchSize, training.Seed),
    };
}
