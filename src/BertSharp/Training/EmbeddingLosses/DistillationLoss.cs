namespace BertSharp;

/// <summary>
/// The mean squared error to a teacher's embeddings (<c>MSELoss</c>; Reimers, Gurevych 2020), plus a weight times the mean
/// squared error between the matrices of all cosines of the batch, the student's and the teacher's.
/// </summary>
/// <param name="cosineWeight">The weight of the second term; 0 leaves it out.</param>
internal sealed class DistillationLoss(float cosineWeight = 0) : EmbeddingLoss
{
    /// <inheritdoc/>
    public override bool LearnsFromTeacher => true;

    /// <inheritdoc/>
    protected override string Expected => "texts with a teacher's embedding of the same length for each";

    /// <inheritdoc/>
    protected override bool Takes(int columns) => columns >= 1;

    /// <inheritdoc/>
    protected override (int Rows, int Columns) LabelShape(EmbeddingBatch batch) => (batch.Embeddings.Rows, batch.Embeddings.Columns);

    /// <inheritdoc/>
    protected override double AddGradient(EmbeddingBatch batch, Matrix gradient)
    {
        double count = (double)batch.Embeddings.Rows * batch.Embeddings.Columns, sum = 0;
        for (int row = 0; row < gradient.Rows; row++)
        {
            sum += AddSquaredError(batch.Embeddings.RowSpan(row), batch.Labels.RowSpan(row), 2 / count, gradient.RowSpan(row));
        }

        return (sum / count) + (cosineWeight == 0 ? 0 : AddCosines(batch, gradient));
    }

    private double AddCosines(EmbeddingBatch batch, Matrix gradient)
    {
        using CosineMatrix teacher = new(batch.Labels, batch.Labels), student = new(batch.Embeddings, batch.Embeddings);
        double count = (double)gradient.Rows * gradient.Rows, sum = 0;
        Matrix dCosines = teacher.Values;
        for (int row = 0; row < gradient.Rows; row++)
        {
            Span<float> target = dCosines.RowSpan(row), found = student.Values.RowSpan(row);
            for (int i = 0; i < target.Length; i++)
            {
                double difference = (double)found[i] - target[i];
                sum += difference * difference;
                target[i] = (float)(2 * cosineWeight * difference / count);
            }
        }

        student.AddBackward(dCosines, gradient, gradient);
        return cosineWeight * sum / count;
    }

    private static double AddSquaredError(Span<float> values, Span<float> targets, double factor, Span<float> gradient)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double difference = (double)values[i] - targets[i];
            sum += difference * difference;
            gradient[i] += (float)(factor * difference);
        }

        return sum;
    }
}
