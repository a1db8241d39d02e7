// Says that a form is under way, and takes it once: a second press would try a link that is used up by then.
for (const form of document.querySelectorAll('form[data-under-way]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.underWay === 'yes') return event.preventDefault();
    form.dataset.underWay = 'yes';
    const words = form.querySelector('.under-way span');
    if (words) words.hidden = event.submitter?.value === 'link';
  });
}

// A page that the browser kept and shows again is ready for another try.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-under-way]')) {
    form.dataset.underWay = '';
    const words = form.querySelector('.under-way span');
    if (words) words.hidden = true;
  }
});
